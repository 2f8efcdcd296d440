using System.Globalization;
using Akka.Actor;
using Akka.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Server.Kestrel.Core.Features;
using TrafficFlow.Node.Topics;
using TrafficFlow.Server.Topics;
using TrafficFlow.Wire.Authorization;
using TrafficFlow.Wire.Commands;
using TrafficFlow.Wire.Operations;
using TrafficFlow.Wire.Routing;
using TrafficFlow.Wire.Topics;

namespace TrafficFlow.Node.ControlServer;

/// <summary>
/// `GET /topics?topic=NAME&amp;from=PLACE` on the control socket: a <see cref="TopicLine"/> for each message, of a subscription in the node's
/// own cluster system (/user/subscription-N), until either side ends. Both parameters may come several times; the n-th place is of the n-th topic. A line
/// each few seconds says that the node is alive. Watchers and what waits for each of them are bounded; who reads slowly gets the newest
/// of what nobody keeps, and later what is kept.
/// </summary>
internal sealed class TopicStreams(INodeSystems node, CommandGate gate, TimeProvider time)
{
    /// <summary>Of the socket's connections most stay free for commands.</summary>
    public const int MostWatchers = 16;

    private static readonly InspectionTables Allowed = new([]);

    private int _watchers;
    private int _named;

    internal sealed record WatchTopics : OperatorCommand;

    /// <param name="end">The node stops.</param>
    /// <returns>Why there is no stream, with its status; null after a stream.</returns>
    public async Task<(int Status, CommandFailed Why)?> AnswerAsync(HttpContext context, string account, CancellationToken end)
    {
        var topics = Read(context.Request.Query, out var problem);
        if (topics is null) return (StatusCodes.Status400BadRequest, new CommandFailed(problem, "use trafficflow watch"));
        var words = topics.Select(t => t.Topic).Prepend("watch").ToList();
        if (await gate.RunAsync(Principal.Of(account, null), words, new WatchTopics(), "this node", () => Task.FromResult<OperatorReply>(Allowed)) is CommandFailed refused)
            return (StatusCodes.Status403Forbidden, refused);
        if (node.Cluster is not { WhenTerminated.IsCompleted: false } system || !ActorRegistry.For(system).TryGet<ApproachRegion>(out var approaches))
            return (StatusCodes.Status503ServiceUnavailable, new CommandFailed("the cluster part of this node is not there: it starts, or waits for its database", "try again in some seconds, and look into the node's log"));
        if (topics.Select(t => KnownTopics.WhyNever(t.Topic, node.Sites)).FirstOrDefault(why => why is not null) is { } never)
            return (StatusCodes.Status400BadRequest, never);
        if (KnownTopics.WhyNotNow(topics.Select(t => t.Topic), system) is { } notNow) return (StatusCodes.Status503ServiceUnavailable, notNow);
        try
        {
            if (Interlocked.Increment(ref _watchers) > MostWatchers)
                return (StatusCodes.Status429TooManyRequests, new CommandFailed($"{MostWatchers} watchers are at this node already", "end one of them, or name several topics to one"));
            await StreamAsync(context, system, approaches, topics, end);
        }
        finally
        {
            Interlocked.Decrement(ref _watchers);
        }

        return null;
    }

    private async Task StreamAsync(HttpContext context, ActorSystem system, IActorRef approaches, IReadOnlyList<AddTopic> topics, CancellationToken end)
    {
        using var either = CancellationTokenSource.CreateLinkedTokenSource(context.RequestAborted, end);
        // A reader may stop for as long as it likes (a pager): what waits is bounded, and nobody but itself waits for it.
        if (context.Features.Get<IHttpMinResponseDataRateFeature>() is { } rate) rate.MinDataRate = null;
        context.Response.ContentType = "application/jsonl; charset=utf-8";
        await context.Response.StartAsync(either.Token);
        var number = Interlocked.Increment(ref _named).ToString(CultureInfo.InvariantCulture);
        try
        {
            await new TopicStream(system, approaches, time).RunAsync($"subscription-{number}", topics, WriteAsync, either.Token);
        }
        catch (OperationCanceledException) when (either.IsCancellationRequested)
        {
            // The reader has gone, or the node stops: both are a stream's proper end.
        }

        async Task WriteAsync(TopicLine? line)
        {
            await context.Response.Body.WriteAsync(line?.Write() ?? StreamNotes.Alive(time.GetUtcNow()), either.Token);
            await context.Response.Body.FlushAsync(either.Token);
        }
    }

    private static List<AddTopic>? Read(IQueryCollection query, out string problem)
    {
        var (names, places) = (query["topic"], query["from"]);
        var topics = new List<AddTopic>();
        problem = "";
        for (var i = 0; i < names.Count && problem.Length == 0; i++)
        {
            var place = i < places.Count && places[i] is { Length: > 0 } from ? from : null;
            if (names[i] is not { } name || !TopicNames.IsTopic(name)) problem = $"there is a topic that is none: write {TopicNames.Forms}";
            else if (place is not null && TopicPlace.Parse(place) is null) problem = $"{name} has no such place: write a cursor as it was printed";
            else topics.Add(new AddTopic(name, place is null ? null : TopicPlace.Parse(place)));
        }

        if (names.Count is 0 or > SubscriptionActor.MostTopics) problem = $"name 1 to {SubscriptionActor.MostTopics} topics: /topics?topic=NAME&topic=…";
        return problem.Length == 0 ? topics : null;
    }
}
