using System.Globalization;
using Microsoft.Extensions.Logging;
using TrafficFlow.Core.Detection;
using TrafficFlow.Core.Frames;
using TrafficFlow.Core.Sites;
using TrafficFlow.Node.Count;
using TrafficFlow.Node.Detectors;
using TrafficFlow.Node.Settings;
using TrafficFlow.Web.Pages.Accuracy;
using TrafficFlow.Web.Pages.Marking;

namespace TrafficFlow.Node.Mark.Desk;

/// <summary>
/// Reads, hands out and counts the clips of a node, for its pages: one at a time, slower than it could. A clip that is open is in memory, anonymized, until somebody finishes or closes
/// it, or nobody has used it for half an hour.
/// </summary>
/// <param name="sites">The site files in force.</param>
/// <param name="time">When a clip was used last.</param>
/// <param name="detectors">Those of the node's cameras, which come first.</param>
internal sealed partial class MarkingDesk(Func<IReadOnlyList<SiteSettings>> sites, string dataDirectory, ScoreFolder scores, ILogger<MarkingDesk> log, TimeProvider time, VehicleDetectorFactory? detectors = null) : IMarkingDesk, IAsyncDisposable
{
    public static readonly TimeSpan OpenFor = TimeSpan.FromMinutes(30);

    /// <summary>Beside all that a node holds: some minutes of a camera.</summary>
    private const long MostBytes = 256L * 1024 * 1024;

    private sealed record Job(SiteSettings Settings, CameraSetup Camera, string Path, CancellationTokenSource End);

    private sealed record Opened(ClipMarking Marking, MarkedClip Clip);

    private readonly ClipFolder _clips = new(Path.Combine(dataDirectory, ClipFolder.Name));
    private readonly Lock _gate = new();
    private MarkingState? _now;
    private Job? _job;
    private Opened? _open;
    private ITimer? _idle;
    private Task _work = Task.CompletedTask;
    private long _usedAt;
    private bool _isDisposed;

    public MarkingState? Now
    {
        get
        {
            lock (_gate) return _now;
        }
    }

    public string FolderOf(SiteId site) => _clips.Of(site);

    public IReadOnlyList<ClipFile> Clips(SiteId site) => _clips.List(site);

    public IMarking? Find(SiteId site, string clip)
    {
        lock (_gate)
        {
            if (_open is null || _now!.Site != site || _now.Clip != clip) return null;
            _usedAt = time.GetTimestamp();
            return _open.Marking;
        }
    }

    public bool TryOpen(string by, SiteId site, CameraId camera, string clip) => TryBegin(by, site, camera, clip, MarkingStep.Reading, OpenAsync);

    public bool TryScore(string by, SiteId site, CameraId camera, string clip) =>
        _clips.List(site).Any(c => c.Name == clip && c.HasMarks) && TryBegin(by, site, camera, clip, MarkingStep.Counting, ScoreAsync);

    public void Close() => End(MarkingStep.Closed);

    public async ValueTask DisposeAsync()
    {
        Task work;
        lock (_gate) (_isDisposed, work) = (true, _work);
        Close();
        await work;
    }

    private bool TryBegin(string by, SiteId site, CameraId camera, string clip, MarkingStep step, Func<Job, Task> run)
    {
        var settings = sites().FirstOrDefault(s => s.Site.Id == site);
        if (_clips.Find(site, clip) is not { } path || settings?.Site.FindCamera(camera) is not { Gates.Count: > 0 } setup) return false;
        lock (_gate)
        {
            if (_isDisposed || _now is { IsBusy: true }) return false;
            var job = new Job(settings, setup with { Source = path }, path, new CancellationTokenSource());
            _now = new MarkingState(step, site, camera, clip, by) { File = ClipFolder.TruthOf(path) };
            _job = job;
            // One that was closed gives its detector back first.
            var before = _work;
            _work = Task.Run(async () =>
            {
                await before;
                await RunAsync(job, run);
            });
            return true;
        }
    }

    private async Task RunAsync(Job job, Func<Job, Task> run)
    {
        try
        {
            await run(job);
        }
        catch (OperationCanceledException) when (job.End.IsCancellationRequested)
        {
            // Somebody closed it.
        }
        catch (Exception e) when (e is JobFailedException or UsageException or FrameSourceException or DetectorException or IOException or UnauthorizedAccessException)
        {
            Set(job, s => s with { Step = MarkingStep.Failed, Problem = e.Message });
        }
        catch (Exception e)
        {
            LogFault(job.Path, e);
            Set(job, s => s with { Step = MarkingStep.Failed, Problem = $"unexpected failure: the node's log has it ({e.Message})" });
        }
    }

    private async Task OpenAsync(Job job)
    {
        var gates = job.Camera.Gates.Select(g => g.Id).ToList();
        var truth = ClipFolder.TruthOf(job.Path);
        ClipFolder.RefuseLink(truth);
        // Marks of another camera are told before the clip is read.
        _ = new MarkBook(truth, gates, double.MaxValue);
        var clip = await MarkedClip.ReadAsync(job.Settings.Site, job.Camera, job.Settings.Detectors, job.End.Token, MostBytes, Quiet(job));
        try
        {
            var marking = new ClipMarking(clip, new MarkBook(truth, gates, clip.Times[^1]), new MarkingSeat(), () => End(MarkingStep.Finished, job));
            lock (_gate)
            {
                if (_job != job) return;
                _usedAt = time.GetTimestamp();
                _open = new Opened(marking, clip);
                LookAfter(OpenFor);
                _now = _now! with { Step = MarkingStep.Open, Share = null, Marks = marking.Count, Problem = clip.Damage };
            }
        }
        finally
        {
            lock (_gate)
            {
                if (_open?.Clip != clip) clip.Dispose();
            }
        }
    }

    private async Task ScoreAsync(Job job)
    {
        // By the site's clock; one clip may be counted again, and for another camera.
        var name = string.Create(CultureInfo.InvariantCulture, $"{TimeZoneInfo.ConvertTime(time.GetUtcNow(), job.Settings.Site.TimeZone):yyyy-MM-dd HHmmss} {job.Camera.Id} {Path.GetFileName(job.Path)}");
        var report = Path.Combine(scores.Of(job.Settings.Site.Id), $"{name}.json");
        var problem = await ClipScore.WriteAsync(job.Settings, job.Camera, job.Path, report, Quiet(job), job.End.Token);
        Set(job, s => s with { Step = MarkingStep.Scored, Share = null, Problem = problem, Report = name });
    }

    // The machine rests by the machine's own clock.
    private QuietJob Quiet(Job job) => new((frames, expected) => Set(job, s => s with { Share = expected is > 0 ? Math.Min(1, (double)frames / expected.Value) : null }), TimeProvider.System) { Beside = detectors };

    /// <summary>Unless something else has begun since.</summary>
    private void Set(Job job, Func<MarkingState, MarkingState> change)
    {
        lock (_gate)
        {
            if (_job == job) _now = change(_now!);
        }
    }

    private void LookAfter(TimeSpan due)
    {
        _idle?.Dispose();
        _idle = time.CreateTimer(_ => CloseUnused(), null, due, Timeout.InfiniteTimeSpan);
    }

    private void CloseUnused()
    {
        lock (_gate)
        {
            if (_open is null) return;
            if (OpenFor - time.GetElapsedTime(_usedAt) is var left && left > TimeSpan.Zero)
            {
                LookAfter(left);
                return;
            }

            // Inside, so that nobody begins to use it in between.
            Close();
        }
    }

    /// <param name="only">Ends this job alone, and nothing that has begun since.</param>
    private void End(MarkingStep step, Job? only = null)
    {
        Job job;
        lock (_gate)
        {
            if (_now is not { IsBusy: true } now || (only is not null && _job != only)) return;
            job = _job!;
            _now = now with { Step = step, Share = null, Marks = _open?.Marking.Count ?? 0 };
            _idle?.Dispose();
            _open?.Marking.Close();
            _open?.Clip.Dispose();
            (_open, _job) = (null, null);
        }

        job.End.Cancel();
    }

    [LoggerMessage(LogLevel.Error, "{Clip} could not be read or counted")]
    private partial void LogFault(string clip, Exception fault);
}
