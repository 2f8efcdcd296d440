using TrafficFlow.Core.Detection;
using TrafficFlow.Core.Flow;
using TrafficFlow.Core.Sites;
using TrafficFlow.Web.Pages.Accuracy;
using TrafficFlow.Web.Pages.Counts;
using TrafficFlow.Web.Pages.Periods;
using TrafficFlow.Web.Pages.Speed;
using TrafficFlow.Web.Pages.Turning;
using TrafficFlow.Wire.Cameras;

namespace TrafficFlow.Web.Pages.Reports;

/// <summary>All that a report says, before it is said in a language.</summary>
/// <param name="Span">The days, as far as bins have ended when it was written.</param>
/// <param name="IsOver">Whether that is all of them.</param>
/// <param name="Entering">By the steps of <paramref name="ByApproach"/>: all that entered.</param>
/// <param name="Classes">One matrix for each class.</param>
/// <param name="Day">Null for more than one day.</param>
/// <param name="Ways">Delay by movement; null where journeys were not read.</param>
/// <param name="Scores">The newest first; null where nobody lays any down.</param>
/// <param name="Cameras">As the health board had them when it was written; null where it was not asked or did not answer.</param>
/// <param name="Version">Of the program that wrote it.</param>
public sealed record ReportFigures(
    ReportQuestion Question, Interval Span, bool IsOver, DateTimeOffset WrittenAt, CountSeries ByApproach, IReadOnlyList<FlowSums> Entering, TurningSummary Turning, IReadOnlyDictionary<VehicleClass, TurningMatrix> Classes,
    IReadOnlyList<HalfDayPeaks> Peaks, DayTotals? Day, SpeedSummary Speeds, IReadOnlyList<WayFigures>? Ways, WeekComparison Week, CoverageFigures Coverage, IReadOnlyList<SourceSpan> Sources,
    IReadOnlyList<ScoreReport>? Scores, IReadOnlyList<CameraStatus>? Cameras, string Version)
{
    /// <summary>How often a report of these days was made and kept, with this time.</summary>
    public int Revision { get; init; } = 1;

    public Site Site => Question.Site;

    public Period Period => Question.Period;

    public bool IsEmpty => ByApproach.IsEmpty;
}
