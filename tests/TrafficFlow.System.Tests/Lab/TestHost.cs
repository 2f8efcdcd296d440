using System.Diagnostics;
using System.Net;

namespace TrafficFlow.SystemTests.Lab;

/// <summary>A machine of the laboratory: a network namespace with one address on the laboratory's link. Files and clocks are this machine's.</summary>
internal sealed class TestHost
{
    private TestHost(string name, string networkNamespace, IPAddress address) => (Name, Namespace, Address) = (name, networkNamespace, address);

    public string Name { get; }

    public IPAddress Address { get; }

    public string Namespace { get; }

    /// <summary>What nsenter needs to begin a program here.</summary>
    public string Entering => $"--net=/run/netns/{Namespace}";

    /// <exception cref="LabUnavailableException">Not root, or not allowed.</exception>
    public static async Task<TestHost> CreateAsync(string name, IPAddress address, LabLink link)
    {
        var space = LabOwner.NewName();
        await Shell.RunAsync("ip", "netns", "add", space);
        try
        {
            link.Add(address, TunDevice.Open(space));
            await Shell.RunAsync("ip", "-n", space, "link", "set", "lo", "up");
            await Shell.RunAsync("ip", "-n", space, "address", "add", $"{address}/24", "dev", TunDevice.Name);
            await Shell.RunAsync("ip", "-n", space, "link", "set", TunDevice.Name, "up");
            return new TestHost(name, space, address);
        }
        catch
        {
            await LabOwner.RemoveNamespaceAsync(space);
            throw;
        }
    }

    /// <summary>The same command, on this host; the process id stays that of the command.</summary>
    public ProcessStartInfo Inside(ProcessStartInfo command)
    {
        List<string> args = [Entering, "--", command.FileName, .. command.ArgumentList];
        var inside = new ProcessStartInfo("nsenter", args)
        {
            RedirectStandardOutput = command.RedirectStandardOutput,
            RedirectStandardError = command.RedirectStandardError,
            RedirectStandardInput = command.RedirectStandardInput,
            WorkingDirectory = command.WorkingDirectory,
        };
        inside.Environment.Clear();
        foreach (var (key, value) in command.Environment) inside.Environment[key] = value;
        return inside;
    }

    public Task<(int Code, string Output, string Error)> TryAsync(string program, params IReadOnlyList<string> args) =>
        Shell.TryAsync("nsenter", [Entering, "--", program, .. args]);
}
