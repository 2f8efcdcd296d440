using System.Collections.Immutable;
using Microsoft.Extensions.Logging;
using TrafficFlow.Core.Flow;
using TrafficFlow.Core.Sites;
using TrafficFlow.Server.Queries;
using TrafficFlow.Server.Tables;
using TrafficFlow.Server.Topics;
using TrafficFlow.Web.Released;
using TrafficFlow.Wire.Aggregation;
using TrafficFlow.Wire.Retry;
using TrafficFlow.Wire.Topics;

namespace TrafficFlow.Web.Feeds;

/// <summary>
/// Sends what closes to one receiver, one event after the other, and remembers how far it has acknowledged. Whoever is away gets later what the tables keep
/// meanwhile: nothing waits in memory but one event. After a crash the last second of events may come twice, with the same ids.
/// </summary>
public sealed partial class FeedPump(FeedSettings feed, WebPorts ports, FeedPlaces places, IFeedTarget target, ILogger log)
{
    private static readonly TimeSpan ComeAgain = TimeSpan.FromSeconds(2);
    private static readonly TimeSpan LookEach = TimeSpan.FromSeconds(15);
    private static readonly TimeSpan SaveEach = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan LastSaveWithin = TimeSpan.FromSeconds(5);

    // How many messages came of a topic that began without a place.
    private readonly Dictionary<string, int> _begun = new(StringComparer.Ordinal);
    private readonly ReleasePort _released = new(ports);
    private readonly BackOff _backOff = new(BackOffSettings.Default, Random.Shared);
    private ImmutableDictionary<string, TopicPlace> _places = ImmutableDictionary<string, TopicPlace>.Empty;
    private ImmutableDictionary<string, TopicPlace> _saved = ImmutableDictionary<string, TopicPlace>.Empty;
    private (FeedEvent Event, string Topic, TopicPlace? Place)? _refused;
    private string _trouble = "";
    private bool _isBehind;
    private long _savedAt;

    /// <exception cref="OperationCanceledException">It was ended; how far it has come is stored.</exception>
    public async Task RunAsync(CancellationToken end)
    {
        try
        {
            await LoadAsync(end).ConfigureAwait(false);
            LogBegins(feed.Name, feed.Destination);
            FeedTelemetry.CaughtUp(feed.Name);
            while (true)
            {
                await SendRefusedAsync(end).ConfigureAwait(false);
                await FollowAsync(end).ConfigureAwait(false);
                await SaveAsync(end).ConfigureAwait(false);
                if (_refused is null) await Task.Delay(ComeAgain, ports.Time, end).ConfigureAwait(false);
            }
        }
        finally
        {
            FeedTelemetry.Ended(feed.Name);
            using var limit = new CancellationTokenSource(LastSaveWithin);
            await SaveAsync(limit.Token).ConfigureAwait(false);
        }
    }

    private async Task LoadAsync(CancellationToken end)
    {
        var wait = new BackOff(BackOffSettings.Default, Random.Shared);
        while (true)
        {
            try
            {
                _places = _saved = (await places.ReadAsync(feed.Name, end).ConfigureAwait(false)).ToImmutableDictionary();
                return;
            }
            catch (QueryException e)
            {
                LogNoPlaces(feed.Name, e.Message);
                await Task.Delay(wait.Next(TimeSpan.Zero), ports.Time, end).ConfigureAwait(false);
            }
        }
    }

    /// <summary>Until the receiver does not take something, the sites are other ones, or the subscription ends.</summary>
    private async Task FollowAsync(CancellationToken end)
    {
        var sites = ports.Sites();
        var wanted = TopicsOf(sites);
        if (wanted.Count == 0) return;
        foreach (var topic in wanted.Keys.Where(t => !_places.ContainsKey(t))) _begun.TryAdd(topic, 0);
        using var again = CancellationTokenSource.CreateLinkedTokenSource(end);
        var (looked, isOpening) = (ports.Time.GetTimestamp(), true);
        try
        {
            await ports.Topics.RunAsync([.. wanted.Keys.Select(t => new AddTopic(t, _places.GetValueOrDefault(t)))], async message =>
            {
                // What was on its way when something was refused comes again.
                if (again.IsCancellationRequested) return;
                if (message is { } m) await TakeAsync(m, wanted, again.Token).ConfigureAwait(false);
                else await IdleAsync(again.Token).ConfigureAwait(false);
                // The first silence is that of a subscription that begins.
                if (message is null && !isOpening && _isBehind)
                {
                    FeedTelemetry.CaughtUp(feed.Name);
                    _isBehind = false;
                }

                isOpening = false;
                if (ports.Time.GetElapsedTime(_savedAt) > SaveEach) await SaveAsync(again.Token).ConfigureAwait(false);
                if (_refused is null && ports.Time.GetElapsedTime(looked) < LookEach) return;
                looked = ports.Time.GetTimestamp();
                if (_refused is not null || !ports.Sites().SequenceEqual(sites, ReferenceEqualityComparer.Instance)) await again.CancelAsync().ConfigureAwait(false);
            }, again.Token).ConfigureAwait(false);
        }
        catch (OperationCanceledException) when (again.IsCancellationRequested && !end.IsCancellationRequested)
        {
            // Begun anew by the caller.
        }
        catch (Exception e) when (!end.IsCancellationRequested)
        {
            LogBroken(feed.Name, e);
        }
    }

    private Dictionary<string, Site> TopicsOf(IReadOnlyList<Site> sites)
    {
        var topics = sites.Where(s => feed.Sites.Count == 0 || feed.Sites.Contains(s.Id.Value)).SelectMany(s => s.Approaches.Select(a => (Topic: TopicNames.Flow(s.Id, a.Id), Site: s))).ToList();
        if (topics.Count > SubscriptionActor.MostTopics) LogTooMany(feed.Name, topics.Count, SubscriptionActor.MostTopics, topics[SubscriptionActor.MostTopics].Topic);
        return topics.Take(SubscriptionActor.MostTopics).ToDictionary(t => t.Topic, t => t.Site, StringComparer.Ordinal);
    }

    private async Task TakeAsync(TopicMessage message, Dictionary<string, Site> sites, CancellationToken end)
    {
        if (message.Message is ApproachNotFound) LogNoApproach(feed.Name, message.Topic);
        if (message.Message is not FlowBinClosed { Bin: var bin }) return;
        // Without a place a topic begins with the newest bin of each length, which do not follow one another.
        var begins = _begun.GetValueOrDefault(message.Topic, BinDuration.All.Count) < BinDuration.All.Count;
        if (begins) _begun[message.Topic]++;
        if (!begins && message.Place is { Cursor: { } cursor } && _places.TryGetValue(message.Topic, out var known) && known.Cursor is { } last && cursor > last + 1)
        {
            FeedTelemetry.Missed(feed.Name, cursor - last - 1);
            LogMissed(feed.Name, cursor - last - 1, message.Topic);
        }

        if (!feed.Minutes.Contains(bin.Key.Duration.Minutes) || EventOf(sites[message.Topic], bin) is not { } made)
        {
            Reached(message.Topic, message.Place);
            return;
        }

        if (!_isBehind) FeedTelemetry.Behind(feed.Name);
        _isBehind = true;
        var sent = made with { Cursor = message.Place?.Cursor };
        try
        {
            await SendAsync(sent, message.Topic, message.Place, end).ConfigureAwait(false);
        }
        catch (FeedRefusedException e)
        {
            _refused = (sent, message.Topic, message.Place);
            Tell(e);
        }
    }

    private FeedEvent? EventOf(Site site, FlowBin bin) => feed.IsPublic ? FeedEvent.Of(site, bin, _released.RowsOf(site, bin)) : FeedEvent.Of(site, bin);

    /// <summary>Without a subscription meanwhile: what closes is in the tables.</summary>
    private async Task SendRefusedAsync(CancellationToken end)
    {
        TimeSpan? asked = null;
        while (_refused is var (sent, topic, place))
        {
            var wait = _backOff.Next(TimeSpan.Zero);
            await Task.Delay(asked > wait ? asked.Value : wait, ports.Time, end).ConfigureAwait(false);
            try
            {
                await SendAsync(sent, topic, place, end).ConfigureAwait(false);
                _refused = null;
            }
            catch (FeedRefusedException e)
            {
                asked = e.RetryAfter;
                Tell(e);
            }
        }
    }

    private async Task SendAsync(FeedEvent sent, string topic, TopicPlace? place, CancellationToken end)
    {
        await target.SendAsync(sent, end).ConfigureAwait(false);
        FeedTelemetry.Sent(feed.Name);
        Reached(topic, place);
        if (_trouble.Length == 0) return;
        LogBack(feed.Name, feed.Destination);
        _trouble = "";
        _backOff.Reset();
    }

    private async Task IdleAsync(CancellationToken end)
    {
        try
        {
            await target.IdleAsync(end).ConfigureAwait(false);
        }
        catch (FeedRefusedException e)
        {
            Tell(e);
        }
    }

    /// <summary>Once for each reason, not for each attempt.</summary>
    private void Tell(FeedRefusedException e)
    {
        FeedTelemetry.Failed(feed.Name);
        if (_trouble == e.Message) return;
        _trouble = e.Message;
        LogRefused(feed.Name, e.Message);
    }

    private void Reached(string topic, TopicPlace? place)
    {
        if (place is not null) _places = _places.SetItem(topic, place);
    }

    private async Task SaveAsync(CancellationToken end)
    {
        var changed = _places.Where(p => !_saved.TryGetValue(p.Key, out var saved) || saved != p.Value).ToDictionary();
        if (changed.Count == 0) return;
        _savedAt = ports.Time.GetTimestamp();
        try
        {
            var now = _places;
            await places.SaveAsync(feed.Name, changed, end).ConfigureAwait(false);
            _saved = now;
        }
        catch (QueryException e)
        {
            LogNotSaved(feed.Name, e.Message);
        }
        catch (OperationCanceledException)
        {
            // Again at the end.
        }
    }

    [LoggerMessage(LogLevel.Error, "Feed {Feed}: {Topics} approaches are more than the {Most} that one feed carries: nothing from {First} on is sent. Divide the sites among several feeds (sites = [...])")]
    private partial void LogTooMany(string feed, int topics, int most, string first);

    [LoggerMessage(LogLevel.Information, "Feed {Feed} sends to {Destination}")]
    private partial void LogBegins(string feed, string destination);

    [LoggerMessage(LogLevel.Warning, "Feed {Feed} waits, and goes on where it stopped; nothing is lost for as long as the tables are kept: {Reason}")]
    private partial void LogRefused(string feed, string reason);

    [LoggerMessage(LogLevel.Information, "Feed {Feed} goes on: {Destination} takes events again")]
    private partial void LogBack(string feed, string destination);

    [LoggerMessage(LogLevel.Error, "Feed {Feed} has missed {Events} events of {Topic}: its receiver was away for longer than the tables are kept, or the feed was off. They are not sent any more")]
    private partial void LogMissed(string feed, long events, string topic);

    [LoggerMessage(LogLevel.Warning, "Feed {Feed} cannot begin: {Reason} It is tried again")]
    private partial void LogNoPlaces(string feed, string reason);

    [LoggerMessage(LogLevel.Warning, "How far feed {Feed} has come is not stored now: {Reason} After a crash events would come twice")]
    private partial void LogNotSaved(string feed, string reason);

    [LoggerMessage(LogLevel.Warning, "Feed {Feed}: nothing is counted for {Topic} by the servers; do their site files differ?")]
    private partial void LogNoApproach(string feed, string topic);

    [LoggerMessage(LogLevel.Warning, "Feed {Feed} is begun anew")]
    private partial void LogBroken(string feed, Exception fault);
}
