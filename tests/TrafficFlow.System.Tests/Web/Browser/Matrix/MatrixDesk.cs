using TrafficFlow.Core.Sites;
using TrafficFlow.Web.Pages.Marking;

namespace TrafficFlow.SystemTests.Web.Browser.Matrix;

/// <summary>Clips with long and short names, one of which is being read.</summary>
internal sealed class MatrixDesk : IMarkingDesk
{
    public MarkingState? Now { get; } = new(MarkingStep.Reading, MatrixSites.Blind.Id, new CameraId("cam-north"), "2026-10-14 夜 cam-north 産業道路.mp4", "carla-roadside-maintenance") { Share = 0.42 };

    public string FolderOf(SiteId site) => $"/var/lib/trafficflow/clips/{site}";

    public IReadOnlyList<ClipFile> Clips(SiteId site) => [new("2026-10-14 夜 cam-north 産業道路.mp4", 48_000_000, HasMarks: true), new("a.ts", 1_000, HasMarks: false)];

    public IMarking? Find(SiteId site, string clip) => null;

    public bool TryOpen(string by, SiteId site, CameraId camera, string clip) => false;

    public bool TryScore(string by, SiteId site, CameraId camera, string clip) => false;

    public void Close()
    {
    }
}
