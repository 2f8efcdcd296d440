using System.Globalization;

namespace TrafficFlow.SystemTests.Processes;

/// <summary>TCP ports on which a process listens, as the kernel tells it; of any address, v4 and v6.</summary>
internal static class ListeningPorts
{
    private const string Listening = "0A";

    public static IReadOnlyList<int> Of(int process)
    {
        var sockets = Directory.GetFiles($"/proc/{process}/fd").Select(Target).ToHashSet();
        return [.. new[] { "tcp", "tcp6" }.SelectMany(kind => File.ReadAllLines($"/proc/{process}/net/{kind}").Skip(1))
            .Select(line => line.Split(' ', StringSplitOptions.RemoveEmptyEntries))
            .Where(f => f[3] == Listening && sockets.Contains($"socket:[{f[9]}]"))
            .Select(f => int.Parse(f[1][(f[1].LastIndexOf(':') + 1)..], NumberStyles.HexNumber, CultureInfo.InvariantCulture))];
    }
    /// <summary>What an open file of the process is; empty where the process closed it meanwhile.</summary>
    private static string Target(string descriptor)
    {
        try
        {
            return File.ResolveLinkTarget(descriptor, returnFinalTarget: false)?.Name ?? "";
        }
        catch (Exception e) when (e is FileNotFoundException or DirectoryNotFoundException)
        {
            return "";
        }
    }
}
