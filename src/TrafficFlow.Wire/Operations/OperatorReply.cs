using System.Collections.Immutable;

namespace TrafficFlow.Wire.Operations;

/// <summary>Tables, or a stated failure. How it looks is the client's business.</summary>
public abstract record OperatorReply;

public sealed record InspectionTables(params IReadOnlyList<InspectionTable> Tables) : OperatorReply;

/// <param name="Remedy">What to do.</param>
public sealed record CommandFailed(string Reason, string Remedy) : OperatorReply
{
    /// <summary>Another actor system of the node may have what was asked for: what that one says counts more.</summary>
    public bool IsElsewhere { get; init; }
}

/// <param name="Name">What the rows are: cameras, members.</param>
/// <param name="Rows">As many cells each as there are columns: text, long, double, bool, DateTimeOffset, or null for unknown.</param>
/// <param name="Notes">What the rows do not say.</param>
public sealed record InspectionTable(
    string Name, ImmutableArray<InspectionColumn> Columns, ImmutableArray<ImmutableArray<object?>> Rows, ImmutableArray<string> Notes)
{
    public static InspectionTable Of(string name, IReadOnlyList<InspectionColumn> columns, IEnumerable<object?[]> rows, params IReadOnlyList<string> notes)
    {
        var table = new InspectionTable(name, [.. columns], [.. rows.Select(r => r.ToImmutableArray())], [.. notes]);
        return table.Rows.All(r => r.Length == columns.Count) ? table : throw new ArgumentException($"a row of {name} has not {columns.Count} cells", nameof(rows));
    }
}

/// <param name="Name">Small letters; blanks between words.</param>
/// <param name="Unit">Of the numbers; empty where they have none.</param>
public readonly record struct InspectionColumn(string Name, string Unit = "", CellKind Kind = CellKind.Text)
{
    /// <summary>For programs: words and unit joined, as in rate_frames_per_s.</summary>
    public string Key => (Unit.Length == 0 ? Name : $"{Name} {Unit.Replace("/", " per ", StringComparison.Ordinal)}").Replace(' ', '_');
}

public enum CellKind
{
    Text,
    Number,
    Time,
    Flag,

    /// <summary>The path of an actor: rows in the order of a tree.</summary>
    Path,
}
