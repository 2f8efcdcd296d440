using Microsoft.Extensions.Logging;
using TrafficFlow.Server.Topics;
using TrafficFlow.Wire.Aggregation;
using TrafficFlow.Wire.Topics;

namespace TrafficFlow.Web.Streams;

/// <summary>What a reader finds.</summary>
/// <param name="Next">Where it goes on.</param>
/// <param name="Changed">Ends when there is more.</param>
/// <param name="Ended">Why nothing more comes; null normally.</param>
/// <param name="IsLeftBehind">It was so slow that what it has to get next is here no more.</param>
internal readonly record struct TopicReading(IReadOnlyList<TopicEvent> Events, long Next, Task Changed, string? Ended, bool IsLeftBehind);

/// <summary>
/// One topic, read once and written once for however many follow it, while anybody does and for a while afterwards. Thread-safe.
/// </summary>
internal sealed partial class SharedTopic
{
    /// <summary>Events that are held: a topic of bins has some hundred in an hour.</summary>
    public const int MostEvents = 1_000;

    private const int MostOfAReading = 100;
    private const string Anew = "the topic has begun anew meanwhile: come again";
    private const string Restored = "the server's tables come from a backup: begin without a place, and ask for what was before at /v1/sites/SITE/flows";

    private static readonly TimeSpan ComeAgain = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan StayFor = TimeSpan.FromMinutes(3);

    private readonly string _topic;
    private readonly WebPorts _ports;
    private readonly ILogger _log;
    private readonly CancellationToken _stopping;
    private readonly Lock _lock = new();
    private EventWindow _window = new(MostEvents);
    private TaskCompletionSource _changed = NewSignal();
    private TopicPlace? _place;
    private string? _ended;
    private bool _isReading;
    private int _run;
    private int _readers;
    private long _lastLeftAt;

    public SharedTopic(string topic, WebPorts ports, ILogger log, CancellationToken stopping) => (_topic, _ports, _log, _stopping) = (topic, ports, log, stopping);

    public Task Reading { get; private set; } = Task.CompletedTask;

    /// <summary>A reader comes that has nothing.</summary>
    /// <returns>What it is told first, the newest of each series, and where it then goes on.</returns>
    public (IReadOnlyList<TopicEvent> First, long Next) Enter()
    {
        lock (_lock)
        {
            _readers++;
            if (!_isReading) Begin(null);
            return (_window.Newest, _window.End);
        }
    }

    /// <summary>A reader comes that has come to this place.</summary>
    /// <param name="mayBegin">Where nobody reads the topic yet, all begin with what follows the place.</param>
    /// <returns>Where it goes on; null where what follows is not all here, and it has not entered.</returns>
    public long? EnterAfter(TopicPlace place, bool mayBegin = false)
    {
        lock (_lock)
        {
            if (!_isReading && mayBegin) Begin(place);
            if (!_isReading || _window.After(place) is not { } next) return null;
            _readers++;
            return next;
        }
    }

    public void Leave()
    {
        lock (_lock)
        {
            _readers--;
            _lastLeftAt = _ports.Time.GetTimestamp();
        }
    }

    public TopicReading Read(long next)
    {
        lock (_lock)
        {
            if (next > _window.End) return new TopicReading([], next, Task.CompletedTask, Anew, IsLeftBehind: false);
            if (next < _window.First) return new TopicReading([], next, Task.CompletedTask, null, IsLeftBehind: true);
            var end = Math.Min(_window.End, next + MostOfAReading);
            var events = new List<TopicEvent>((int)(end - next));
            for (var number = next; number < end; number++) events.Add(_window[number]);
            return new TopicReading(events, end, _changed.Task, events.Count == 0 ? _ended : null, IsLeftBehind: false);
        }
    }

    private void Begin(TopicPlace? from)
    {
        (_isReading, _ended, _place, _window) = (true, null, from, new EventWindow(MostEvents));
        if (from is { } place) _window.BeginAt(place);
        var run = ++_run;
        Reading = Task.WhenAll(Reading, Task.Run(() => ReadAsync(run), CancellationToken.None));
    }

    private async Task ReadAsync(int run)
    {
        try
        {
            while (IsWanted(run))
            {
                await ReadOnceAsync(run);
                await Task.Delay(ComeAgain, _ports.Time, _stopping);
            }
        }
        catch (OperationCanceledException) when (_stopping.IsCancellationRequested)
        {
            // Those who read it are told by their own streams.
        }
    }

    private async Task ReadOnceAsync(int run)
    {
        using var end = CancellationTokenSource.CreateLinkedTokenSource(_stopping);
        try
        {
            await _ports.Topics.RunAsync([new AddTopic(_topic, _place)], async message =>
            {
                if (message is { } m) Take(m, run);
                if (!IsWanted(run)) await end.CancelAsync();
            }, end.Token);
        }
        catch (OperationCanceledException) when (end.IsCancellationRequested && !_stopping.IsCancellationRequested)
        {
            // Nobody reads it any more, or nothing comes of it.
        }
        catch (Exception e) when (!_stopping.IsCancellationRequested)
        {
            LogBroken(_topic, e);
        }
    }

    private void Take(TopicMessage message, int run)
    {
        var added = message.Message is ApproachNotFound ? null : TopicEvents.Of(message);
        TaskCompletionSource changed;
        lock (_lock)
        {
            if (run != _run || !_isReading) return;
            if (added is null) (_ended, _isReading) = ($"the server counts nothing at {_topic} any more: see which topics there are at /v1/sites/SITE/topics", false);
            // The tables come from a backup: what is counted now has cursors that were given before.
            else if (added.Place is { Replay: null, Cursor: { } cursor } && cursor <= _window.Last) (_ended, _isReading) = (Restored, false);
            else
            {
                _window.Add(added);
                _place = added.Place ?? _place;
            }

            (changed, _changed) = (_changed, NewSignal());
        }

        changed.SetResult();
    }

    /// <summary>False, and never again, where this run is over.</summary>
    private bool IsWanted(int run)
    {
        lock (_lock)
        {
            if (run != _run || !_isReading) return false;
            if (_readers > 0 || _ports.Time.GetElapsedTime(_lastLeftAt) <= StayFor) return true;
            _isReading = false;
            return false;
        }
    }

    private static TaskCompletionSource NewSignal() => new(TaskCreationOptions.RunContinuationsAsynchronously);

    [LoggerMessage(LogLevel.Warning, "{Topic} cannot be read for those who follow it, and is tried again")]
    private partial void LogBroken(string topic, Exception fault);
}
