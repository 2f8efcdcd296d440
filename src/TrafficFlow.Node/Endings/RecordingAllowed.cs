using TrafficFlow.Core.Custody;
using TrafficFlow.Core.Segments;
using TrafficFlow.Core.Sites;
using TrafficFlow.Node.Settings;
using TrafficFlow.Vault.Endings;
using TrafficFlow.Vault.Files;

namespace TrafficFlow.Node.Endings;

/// <summary>What may be recorded of a camera: what its site file says, up to the last day of the experiment, and nothing where that was ended.</summary>
/// <param name="files">In force.</param>
internal sealed class RecordingAllowed(Func<IReadOnlyList<SiteSettings>> files, EndRegister ends, TimeProvider time)
{
    // Each camera's recorder asks each second.
    private static readonly TimeSpan s_lookEach = TimeSpan.FromSeconds(2);

    private readonly Lock _gate = new();
    private (long At, IReadOnlyList<EndState>? Ends)? _looked;

    public RecordingSettings Of(CameraId camera)
    {
        var (site, recording) = files().Select(f => (f.Site, Recording: f.Recording.GetValueOrDefault(camera))).FirstOrDefault(f => f.Recording is not null);
        if (recording is null || recording.Plan.Mode == RecordingMode.Off) return RecordingSettings.Off;
        // A register that cannot be read may say that it was ended.
        if (Ends() is not { } known) return RecordingSettings.Off;
        if (known.FirstOrDefault(e => e.Covers(site.Id)) is { } ended) return recording with { Plan = recording.Plan with { End = ended.Began, Reason = $"the experiment was ended: {ended.Id}" } };
        return LastMoment(site) is { } end && end < recording.Plan.End ? recording with { Plan = recording.Plan with { End = end, Reason = "the last day of the experiment" } } : recording;
    }

    /// <summary>The end of the experiment's last day; null where none is stated.</summary>
    internal static DateTimeOffset? LastMoment(Site site) => site.Custody?.Experiment is { } experiment ? new KeepRule(null, experiment.Until).EndOf(DateTimeOffset.MinValue, site.TimeZone) : null;

    private IReadOnlyList<EndState>? Ends()
    {
        lock (_gate)
        {
            if (_looked is { } looked && time.GetElapsedTime(looked.At) < s_lookEach) return looked.Ends;
            IReadOnlyList<EndState>? read;
            try
            {
                read = ends.Known;
            }
            catch (VaultFileException)
            {
                read = null;
            }

            _looked = (time.GetTimestamp(), read);
            return read;
        }
    }
}
