using TrafficFlow.SystemTests.Settings;

namespace TrafficFlow.SystemTests.Runbooks;

/// <summary>The blocks of commands of one section of deploy/RUNBOOKS.md, in order.</summary>
internal static class Runbook
{
    private const string Fence = "```";
    private const string Shell = Fence + "sh";

    /// <param name="where">What stands behind `sh` of the blocks that are wanted; empty for those where nothing stands.</param>
    public static IReadOnlyList<string> Blocks(string section, string where = "")
    {
        var lines = File.ReadLines(Path.Combine(SharedFiles.Repository, "deploy", "RUNBOOKS.md"))
            .SkipWhile(l => l != $"## {section}").Skip(1).TakeWhile(l => !l.StartsWith("## ", StringComparison.Ordinal)).ToList();
        var blocks = new List<string>();
        for (var i = 0; i < lines.Count; i++)
        {
            if (!lines[i].StartsWith(Shell, StringComparison.Ordinal)) continue;
            var block = lines.Skip(i + 1).TakeWhile(l => l != Fence).ToList();
            if (lines[i][Shell.Length..].Trim() == where) blocks.Add(string.Join('\n', block));
            i += block.Count + 1;
        }

        return blocks.Count > 0 ? blocks : throw new InvalidOperationException($"the runbook {section} has no block of commands{(where.Length > 0 ? $" for {where}" : "")}");
    }
}
