using System.Collections.Immutable;
using TrafficFlow.Wire.Operations;

namespace TrafficFlow.Server.Commands;

/// <summary>What one node said; null where it did not answer.</summary>
/// <param name="Silence">Why it did not answer; empty where it did.</param>
internal sealed record NodeAnswer(string Node, OperatorReply? Reply, string Silence);

/// <summary>Puts the answers of several nodes together: rows of the same table below each other, each with its node.</summary>
internal static class SiteAnswers
{
    public static OperatorReply Together(IReadOnlyList<NodeAnswer> answers)
    {
        var failures = answers.Where(a => a.Reply is not InspectionTables).ToList();
        var tables = answers.Where(a => a.Reply is InspectionTables)
            .SelectMany(a => ((InspectionTables)a.Reply!).Tables.Select(t => (a.Node, Table: t)))
            .GroupBy(t => t.Table.Name)
            .Select(g => Join([.. g]))
            .ToList();
        if (tables.Count == 0) return Failed(failures);
        // Beside rows that look whole, who is missing must not be overlooked.
        tables[0] = tables[0] with { Notes = [.. failures.Select(Line), .. tables[0].Notes] };
        return new InspectionTables(tables);
    }

    private static InspectionTable Join(IReadOnlyList<(string Node, InspectionTable Table)> parts)
    {
        var first = parts[0].Table;
        return new InspectionTable(
            first.Name,
            [new InspectionColumn("node"), .. first.Columns],
            // A node of another version may have other columns: its rows say what both know.
            [.. parts.SelectMany(p => p.Table.Rows.Select(r => Row(p.Node, first.Columns, p.Table.Columns, r)))],
            [.. parts.SelectMany(p => p.Table.Notes).Distinct()]);
    }

    private static ImmutableArray<object?> Row(
        string node, ImmutableArray<InspectionColumn> wanted, ImmutableArray<InspectionColumn> given, ImmutableArray<object?> row) =>
        [node, .. wanted.Select(w => given.IndexOf(w) is >= 0 and var at ? row[at] : null)];

    private static CommandFailed Failed(IReadOnlyList<NodeAnswer> failures)
    {
        var remedy = failures.Select(f => f.Reply).OfType<CommandFailed>().FirstOrDefault()?.Remedy ?? "see health show for since when, then look after that node, its power and its link";
        return new CommandFailed(string.Join("; ", failures.Select(Line)), remedy);
    }

    private static string Line(NodeAnswer answer) => answer.Reply is CommandFailed failed ? $"{answer.Node}: {failed.Reason}" : $"node {answer.Node} does not answer: {answer.Silence}";
}
