using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;
using TrafficFlow.Server.Topics;
using TrafficFlow.Vault.Accounts;
using TrafficFlow.Vault.Files;
using TrafficFlow.Web.Access;
using TrafficFlow.Web.Routes;
using TrafficFlow.Wire.Aggregation;
using TrafficFlow.Wire.Topics;

namespace TrafficFlow.Web.Streams;

/// <summary>One reader of a topic, from where it begins until it goes, is too slow, or may read no more.</summary>
internal sealed partial class TopicFollower(HttpContext context, WebPorts ports, SharedTopic shared, CancellationToken stopping, ICallers callers, StreamLimits limits, ILogger log)
{
    private static readonly TimeSpan AliveEach = TimeSpan.FromSeconds(15);
    private static readonly TimeSpan ComeAgain = TimeSpan.FromSeconds(1);

    private readonly EventStreamWriter _writer = new(context, limits.SlowAfter);
    private long _checkedAt = ports.Time.GetTimestamp();
    private string? _refused;
    private SiteTopic? _topic;
    private TaskCompletionSource _rightsChanged = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <param name="place">What it has; null for nothing.</param>
    /// <param name="first">What it gets first.</param>
    /// <param name="next">Where it then goes on, having entered; null for what must be read from the tables first.</param>
    public async Task RunAsync(SiteTopic topic, TopicPlace? place, IReadOnlyList<TopicEvent> first, long? next)
    {
        using var end = CancellationTokenSource.CreateLinkedTokenSource(context.RequestAborted, stopping);
        _topic = topic;
        var name = context.Features.Get<Caller>()!.Name;
        StreamTelemetry.Opened();
        callers.Changed += AskAgain;
        try
        {
            await _writer.BeginAsync(end.Token);
            next ??= await CatchUpAsync(topic.Topic, place!, end.Token);
            if (first.Count > 0) await _writer.WriteAsync([.. first.Select(e => e.Bytes)], end.Token);
            if (await FollowAsync(next, end.Token) is { } reason) await _writer.WriteAsync([TopicEvents.Closing(reason)], end.Token);
        }
        catch (SlowReaderException)
        {
            StreamTelemetry.TooSlow();
            LogTooSlow(name, topic.Topic, limits.SlowAfter.TotalSeconds);
            context.Abort();
        }
        catch (OperationCanceledException) when (stopping.IsCancellationRequested && !context.RequestAborted.IsCancellationRequested)
        {
            await SayStoppingAsync();
        }
        catch (Exception e) when (e is OperationCanceledException or IOException)
        {
            // It has gone.
        }
        finally
        {
            callers.Changed -= AskAgain;
            if (next is not null) shared.Leave();
            StreamTelemetry.Closed();
        }
    }

    /// <returns>Why it ends; null where it was left behind.</returns>
    private async Task<string?> FollowAsync(long? from, CancellationToken end)
    {
        if (_refused is { } refused) return refused;
        if (from is not { } next) return "the server counts nothing there any more";
        while (true)
        {
            var reading = shared.Read(next);
            if (reading.IsLeftBehind) throw new SlowReaderException();
            next = reading.Next;
            if (reading.Events.Count > 0) await _writer.WriteAsync([.. reading.Events.Select(e => e.Bytes)], end);
            else if (reading.Ended is { } reason) return reason;
            else if (await Task.WhenAny(reading.Changed, _rightsChanged.Task, Task.Delay(AliveEach, ports.Time, end)) is var first && first != reading.Changed)
            {
                end.ThrowIfCancellationRequested();
                if (first != _rightsChanged.Task) await _writer.WriteAsync([TopicEvents.Alive], end);
            }

            if (await WhyNoMoreAsync() is { } why) return why;
        }
    }

    /// <summary>Alone with the tables, until what follows is what all read.</summary>
    /// <returns>Null where there is no such approach.</returns>
    private async Task<long?> CatchUpAsync(string topic, TopicPlace place, CancellationToken end)
    {
        // Somebody has to read what comes meanwhile.
        shared.Enter();
        try
        {
            long? next = null;
            while (next is null)
            {
                using var caughtUp = CancellationTokenSource.CreateLinkedTokenSource(end);
                var isGone = false;
                try
                {
                    await ports.Topics.RunAsync([new AddTopic(topic, place)], async message =>
                    {
                        // What was on its way when it had caught up comes again.
                        if (next is not null || isGone || _refused is not null) return;
                        _refused = await WhyNoMoreAsync();
                        if (_refused is not null)
                        {
                            await caughtUp.CancelAsync();
                            return;
                        }

                        if (message is { Message: ApproachNotFound }) isGone = true;
                        else if (message is { } m)
                        {
                            await _writer.WriteAsync([TopicEvents.Of(m).Bytes], end);
                            place = m.Place ?? place;
                        }
                        else await _writer.WriteAsync([TopicEvents.Alive], end);
                        next = shared.EnterAfter(place);
                        if (next is not null || isGone) await caughtUp.CancelAsync();
                    }, caughtUp.Token);
                }
                catch (OperationCanceledException) when (caughtUp.IsCancellationRequested && !end.IsCancellationRequested)
                {
                    // Caught up.
                }

                if (isGone || _refused is not null) return null;
                if (next is null) await Task.Delay(ComeAgain, ports.Time, end);
            }

            return next;
        }
        finally
        {
            shared.Leave();
        }
    }

    /// <summary>Roles are taken away and tokens revoked while somebody reads.</summary>
    private async Task<string?> WhyNoMoreAsync()
    {
        if (_rightsChanged.Task.IsCompleted) _rightsChanged = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        else if (ports.Time.GetElapsedTime(_checkedAt) < limits.CheckEach) return null;
        _checkedAt = ports.Time.GetTimestamp();
        var row = RouteTable.Find("GET", "/v1/sites/{site}/topics/{topic}")!;
        Caller? caller;
        try
        {
            caller = await callers.FindAsync(context);
        }
        catch (VaultFileException)
        {
            return "the accounts of this server cannot be read now: come again";
        }

        return row.IsOpenTo(caller?.Roles) && _topic!.MayBeReadBy(caller!.Roles) && caller!.Covers((string)context.Request.RouteValues["site"]!, ApiUse.Subscribe) ? null
            : "the session or token is good for this no more: sign in again, or ask a custodian for another token";
    }

    /// <summary>Who is dismissed hears nothing more, from this moment.</summary>
    private void AskAgain() => _rightsChanged.TrySetResult();

    private async Task SayStoppingAsync()
    {
        try
        {
            await _writer.WriteAsync([TopicEvents.Closing("this server stops: come again in some seconds")], context.RequestAborted);
        }
        catch (Exception e) when (e is OperationCanceledException or IOException or SlowReaderException)
        {
            // It has gone too.
        }
    }

    [LoggerMessage(LogLevel.Warning, "The stream of {Topic} to {Reader} was cut off: it took nothing for {Seconds} s. Is the program stuck, or its line too thin? It goes on from its last event when it comes again")]
    private partial void LogTooSlow(string reader, string topic, double seconds);
}
