using System.Collections.Immutable;
using Microsoft.Extensions.Logging;
using TrafficFlow.Core.Flow;
using TrafficFlow.Core.Sites;
using TrafficFlow.Server.Queries;
using TrafficFlow.Server.Topics;
using TrafficFlow.Wire.Cameras;
using TrafficFlow.Wire.Health;
using TrafficFlow.Wire.Topics;

namespace TrafficFlow.Web.Live;

/// <summary>
/// One site as it is now: the latest hour of its approaches' minutes, the open ones included, its cameras, and its journeys as they end. It reads topics while anybody
/// looks, and for a while afterwards, once for all pages; what it lost while it was away it takes from the tables.
/// </summary>
public sealed partial class LiveSite : IAsyncDisposable
{
    /// <summary>How far back minutes are kept.</summary>
    public static readonly TimeSpan Reach = TimeSpan.FromMinutes(60);

    private static readonly TimeSpan ComeAgain = TimeSpan.FromSeconds(2);
    private static readonly TimeSpan LookEach = TimeSpan.FromSeconds(15);
    private static readonly TimeSpan StayFor = TimeSpan.FromMinutes(2);
    private static readonly TimeSpan AnswerWithin = TimeSpan.FromSeconds(2);

    private readonly SiteId _id;
    private readonly WebPorts _ports;
    private readonly ILogger _log;
    private readonly Lock _lock = new();
    private readonly HashSet<Watcher> _watchers = [];
    private readonly CancellationTokenSource _end = new();

    // Of its reader alone: approaches whose hour was read since the topics were followed anew, and when each camera was heard last.
    private readonly HashSet<ApproachId> _loaded = [];
    private readonly Dictionary<CameraId, DateTimeOffset> _heard = [];

    private SiteNow _now = SiteNow.Empty;
    private Task _reading = Task.CompletedTask;
    private long _lastLeftAt;
    private bool _isReading;

    internal LiveSite(SiteId id, WebPorts ports, ILogger log) => (_id, _ports, _log) = (id, ports, log);

    public SiteNow Now => Volatile.Read(ref _now);

    /// <summary>Calls back with each change, from any thread and never twice at once, until it is disposed of.</summary>
    /// <param name="changed">Must be quick.</param>
    /// <param name="journey">A vehicle has left the junction.</param>
    public IDisposable Watch(Action changed, Action<JourneyEnded> journey)
    {
        var watcher = new Watcher(this, changed, journey);
        lock (_lock)
        {
            _watchers.Add(watcher);
            if (_isReading || _end.IsCancellationRequested) return watcher;
            _isReading = true;
            _reading = Task.Run(ReadAsync);
        }

        return watcher;
    }

    public async ValueTask DisposeAsync()
    {
        await _end.CancelAsync();
        await _reading;
        _end.Dispose();
    }

    private async Task ReadAsync()
    {
        try
        {
            while (!HasNobody())
            {
                await ReadOnceAsync();
                await Task.Delay(ComeAgain, _ports.Time, _end.Token);
            }
        }
        catch (OperationCanceledException) when (_end.IsCancellationRequested)
        {
            // The node stops.
        }
    }

    private async Task ReadOnceAsync()
    {
        using var end = CancellationTokenSource.CreateLinkedTokenSource(_end.Token);
        try
        {
            if (_ports.Sites().FirstOrDefault(s => s.Id == _id) is not { } site) return;
            var looked = _ports.Time.GetTimestamp();
            // What was missed meanwhile is in the tables.
            _loaded.Clear();
            await LookAtCamerasAsync(site);
            await _ports.Topics.RunAsync(TopicsOf(site), async message =>
            {
                if (message is { } m) await TakeAsync(m);
                if (_ports.Time.GetElapsedTime(looked) < LookEach) return;
                looked = _ports.Time.GetTimestamp();
                await LookAtCamerasAsync(site);
                // Site files may have been read again, and pages closed.
                if (HasLeft() || !ReferenceEquals(_ports.Sites().FirstOrDefault(s => s.Id == _id), site)) await end.CancelAsync();
            }, end.Token);
        }
        catch (OperationCanceledException) when (end.IsCancellationRequested && !_end.IsCancellationRequested)
        {
            // Begun anew, or ended, by the caller.
        }
        catch (Exception e) when (!_end.IsCancellationRequested)
        {
            LogBroken(_id, e);
        }
    }

    private static List<AddTopic> TopicsOf(Site site) =>
    [
        .. site.Approaches.SelectMany(a => new[] { TopicNames.Flow(site.Id, a.Id), TopicNames.Live(site.Id, a.Id) })
            .Concat(site.Feeders.Select(c => TopicNames.Health(site.Id, c.Id)))
            .Concat(site.Junction is null ? [] : new[] { TopicNames.Journeys(site.Id) })
            .Take(SubscriptionActor.MostTopics).Select(t => new AddTopic(t)),
    ];

    private async Task TakeAsync(TopicMessage message)
    {
        switch (message.Message)
        {
            case FlowBinClosed { Bin: var bin } when bin.Key.Duration == BinDuration.OneMinute:
                if (!_loaded.Contains(bin.Key.Approach) && await LoadAsync(bin)) _loaded.Add(bin.Key.Approach);
                Change(now => now.With(bin.Key.Approach, a => a.WithClosed(bin)));
                break;
            case FlowBinsOpen open:
                Change(now => now.With(open.Approach, a => a with { Open = open.Bins.LastOrDefault(b => b.Key.Duration == BinDuration.OneMinute) }));
                break;
            case CameraStatus status:
                _heard[status.Camera] = _ports.Time.GetUtcNow();
                Change(now => now with { Cameras = now.Cameras.SetItem(status.Camera, status) });
                break;
            case JourneyEnded ended:
                foreach (var watcher in Watchers()) watcher.Journey(ended);
                break;
        }
    }

    /// <summary>Cameras that nothing is heard of must not stay as they were, and those that were taken down must go.</summary>
    private async Task LookAtCamerasAsync(Site site)
    {
        HealthOverview? board = null;
        try
        {
            using var soon = CancellationTokenSource.CreateLinkedTokenSource(_end.Token);
            soon.CancelAfter(AnswerWithin);
            if (_ports.Health() is { } health) board = await health.ReadAsync(site.Id, soon.Token).WaitAsync(soon.Token);
        }
        catch (OperationCanceledException) when (!_end.IsCancellationRequested)
        {
            // By what was heard, then.
        }

        Change(now => now with { Cameras = CameraAges.Of(site, now.Cameras, _heard, board, _ports.Time.GetUtcNow()) });
    }

    /// <summary>The hour before the first bin that comes.</summary>
    /// <returns>False where the tables did not answer: tried again with the next one.</returns>
    private async Task<bool> LoadAsync(FlowBin first)
    {
        try
        {
            var filter = new FlowFilter(_id, BinDuration.OneMinute, new Interval(first.Key.Start - Reach, first.Key.Start)) { Approach = first.Key.Approach };
            await foreach (var stored in _ports.Flows().ReadAllAsync(filter, _end.Token)) Change(now => now.With(first.Key.Approach, a => a.WithClosed(stored.Bin)), tell: false);
            return true;
        }
        catch (QueryException e)
        {
            LogNoHour(_id, e.Message);
            return false;
        }
    }

    private void Change(Func<SiteNow, SiteNow> change, bool tell = true)
    {
        // Read by many, changed by its reader alone.
        Volatile.Write(ref _now, change(_now));
        if (!tell) return;
        foreach (var watcher in Watchers()) watcher.Changed();
    }

    private ImmutableArray<Watcher> Watchers()
    {
        lock (_lock) return [.. _watchers];
    }

    private bool HasLeft()
    {
        lock (_lock) return _watchers.Count == 0 && _ports.Time.GetElapsedTime(_lastLeftAt) > StayFor;
    }

    private bool HasNobody()
    {
        lock (_lock)
        {
            if (_watchers.Count > 0 || _ports.Time.GetElapsedTime(_lastLeftAt) <= StayFor) return false;
            // Whoever comes next begins with what is then.
            Volatile.Write(ref _now, SiteNow.Empty);
            _heard.Clear();
            _isReading = false;
            return true;
        }
    }

    [LoggerMessage(LogLevel.Warning, "What happens at {Site} cannot be read for its pages, and is tried again")]
    private partial void LogBroken(SiteId site, Exception fault);

    [LoggerMessage(LogLevel.Warning, "The latest hour of {Site} is not in its pages yet: {Reason}")]
    private partial void LogNoHour(SiteId site, string reason);

    private sealed class Watcher(LiveSite site, Action changed, Action<JourneyEnded> journey) : IDisposable
    {
        public void Changed() => changed();

        public void Journey(JourneyEnded ended) => journey(ended);

        public void Dispose()
        {
            lock (site._lock)
            {
                if (site._watchers.Remove(this)) site._lastLeftAt = site._ports.Time.GetTimestamp();
            }
        }
    }
}
