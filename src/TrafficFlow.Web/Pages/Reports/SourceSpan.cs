using TrafficFlow.Core.Flow;
using TrafficFlow.Core.Sites;

namespace TrafficFlow.Web.Pages.Reports;

/// <summary>What counted, and in which time: one camera with one site file, detector and calibration.</summary>
/// <param name="Span">From the first bin that it made to the last.</param>
/// <param name="Bins">That it had a share in.</param>
public sealed record SourceSpan(BinSource Source, Interval Span, int Bins)
{
    /// <returns>Camera after camera, in order of time.</returns>
    public static IReadOnlyList<SourceSpan> Of(IEnumerable<FlowBin> bins) =>
    [
        .. from bin in bins
           from source in bin.Sources.Distinct()
           group bin by source into made
           let span = new Interval(made.Min(b => b.Key.Start), made.Max(b => b.End))
           orderby made.Key.Camera.Value, span.From
           select new SourceSpan(made.Key, span, made.Count()),
    ];
}
