using TrafficFlow.Core.Flow;
using TrafficFlow.Web.Formats.Tables;

namespace TrafficFlow.Web.Formats.Jartic;

/// <summary>
/// One direction through a cross-section in five minutes. JARTIC's table knows a number or 欠測, and no lower bound: only a bin that was watched
/// wholly and without doubt has numbers in it.
/// </summary>
/// <param name="Small">Null where sizes are not told: a total that was released without them.</param>
/// <param name="Unknown">車種判別不能: neither 小型 nor 大型, or not told.</param>
internal sealed record JarticDirection(CellState State, int? Small, int? Large, int Unknown, double ObservedSeconds, string Quality, int? Revision)
{
    public static readonly JarticDirection Nothing = new(CellState.Missing, 0, 0, 0, 0, "missing", null);

    /// <param name="bin">The rows of one movement: of every class, or the one of all classes.</param>
    public static JarticDirection Of(IReadOnlyList<FlowTableRow> bin)
    {
        if (bin.Count == 0) return Nothing;
        var together = bin.Where(r => r.Class == FlowTableRow.AllClasses).ToList();
        var rows = together.Count > 0 ? together : bin;
        var state =
            rows.FirstOrDefault(r => r.State is not (CellState.Counted or CellState.Missing)) is { } withheld ? withheld.State
            : rows.Any(r => r.State == CellState.Missing || r.Quality != BinQuality.Complete) ? CellState.Missing
            : CellState.Counted;
        var areSizesTold = rows.All(r => r.Small is not null && r.Large is not null);
        var (count, small, large) = (rows.Sum(r => r.Count ?? 0), rows.Sum(r => r.Small ?? 0), rows.Sum(r => r.Large ?? 0));
        var any = rows[0];
        return new JarticDirection(
            state, areSizesTold ? small : null, areSizesTold ? large : null, count - (areSizesTold ? small + large : 0), any.ObservedSeconds, any.QualityName, any.Revision);
    }
}
