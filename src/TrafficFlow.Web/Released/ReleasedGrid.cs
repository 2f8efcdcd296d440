using TrafficFlow.Core.Detection;
using TrafficFlow.Core.Flow;
using TrafficFlow.Web.Formats.Tables;

namespace TrafficFlow.Web.Released;

/// <summary>Released rows as a table for people: a line for each period, a column for each movement or class. Pure. Nothing is added up here: of what is withheld no sum tells more.</summary>
/// <param name="Columns">Names of movements or classes; <see cref="FlowTableRow.AllClasses"/> for all classes.</param>
public sealed record ReleasedGrid(IReadOnlyList<string> Columns, IReadOnlyList<ReleasedGrid.Line> Lines)
{
    /// <param name="Cells">One for each column; null where nothing is stored.</param>
    public sealed record Line(Interval Period, IReadOnlyList<FlowTableRow?> Cells)
    {
        /// <summary>Share that was watched, 0 to 1.</summary>
        public double Coverage => Cells.FirstOrDefault(c => c is not null)?.Coverage ?? 0;
    }

    /// <param name="rows">Of one approach, in the order of their periods.</param>
    /// <param name="classesOf">The movement whose classes are the columns; null for all movements.</param>
    public static ReleasedGrid Of(IEnumerable<FlowTableRow> rows, string? classesOf)
    {
        var taken = rows.Where(r => classesOf is null ? r.Class == FlowTableRow.AllClasses : r.Movement == classesOf).ToList();
        IReadOnlyList<string> columns = classesOf is not null ? [FlowTableRow.AllClasses, .. VehicleClassNames.All.Select(c => c.Name())] : [.. taken.Select(r => r.Movement).Distinct()];
        return new ReleasedGrid(columns, [.. taken.GroupBy(r => r.Bin).Select(g => new Line(g.Key, [.. columns.Select(c => g.FirstOrDefault(r => (classesOf is null ? r.Movement : r.Class) == c))]))]);
    }
}

/// <summary>A table and what chose it.</summary>
public sealed record ReleasedView(ReleasedChoice Choice, ReleasedGrid Grid);
