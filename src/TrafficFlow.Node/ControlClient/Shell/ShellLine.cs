using TrafficFlow.Node.ControlServer;
using TrafficFlow.Wire.Operations;

namespace TrafficFlow.Node.ControlClient.Shell;

/// <summary>A line of the shell, or of standard input: a command of the catalog, with the options that `ctl` has for one.</summary>
/// <param name="IsJson">Wants the answer as one line of JSON.</param>
/// <param name="Command">What the words mean here; the node reads them anew.</param>
internal sealed record ShellLine(ControlRequest Request, bool IsJson, OperatorCommand Command)
{
    /// <param name="site">Where the line names none; null for none.</param>
    /// <param name="by">The same.</param>
    /// <exception cref="UsageException">The words mean nothing.</exception>
    public static ShellLine Of(IReadOnlyList<string> words, string? site, string? by, bool isJson)
    {
        var left = new List<string>();
        for (var i = 0; i < words.Count; i++)
        {
            switch (words[i])
            {
                case "--json":
                    isJson = true;
                    break;
                case "--site" or "--by" when i + 1 == words.Count:
                    throw new UsageException($"{words[i]} needs a name behind it");
                case "--site":
                    site = words[++i];
                    break;
                case "--by":
                    by = words[++i];
                    break;
                default:
                    left.Add(words[i]);
                    break;
            }
        }

        return CommandCatalog.Read(left) is { Command: { } command }
            ? new ShellLine(new ControlRequest(left, site, by), isJson, command)
            : throw new UsageException(CommandCatalog.Read(left).Problem);
    }
}
