using TrafficFlow.Wire.Operations;

namespace TrafficFlow.Node.ControlClient.Shell;

/// <summary>The lines of `help` in the shell: the catalog, and what the shell itself knows. Pure.</summary>
internal static class ShellHelp
{
    private static readonly (string Usage, string Help)[] s_own =
    [
        ("help [WORD]", "This list, or what WORD can do."),
        ("watch SECONDS COMMAND", "Repeats it until Ctrl-C."),
        ("exit", "Ends the shell; so does Ctrl-D."),
    ];

    /// <param name="about">The first word of commands; null for all.</param>
    /// <param name="width">Columns: where both do not fit, the help goes below.</param>
    /// <exception cref="UsageException">No command begins so.</exception>
    public static IEnumerable<string> Of(string? about, int width)
    {
        var shown = CommandCatalog.Commands.Where(c => about is null || c.Verb.Split(' ')[0] == about).Select(c => (c.Usage, c.Help)).ToList();
        if (shown.Count == 0) throw new UsageException($"\"{about}\" is no command: help without it lists all");
        if (about is null) shown.AddRange(s_own);
        var usage = shown.Max(s => s.Usage.Length);
        var fits = 2 + usage + 2 + shown.Max(s => s.Help.Length) <= width;
        return shown.SelectMany(s => fits ? new[] { $"  {s.Usage.PadRight(usage)}  {s.Help}" } : [s.Usage, $"  {s.Help}"]);
    }
}
