using System.CommandLine;
using TrafficFlow.Server.Topics;
using TrafficFlow.Wire.Topics;

namespace TrafficFlow.Node.Watch;

/// <summary>`trafficflow watch TOPIC`: what an analyst sees of the cluster.</summary>
public static class WatchCommand
{
    public static Command Create()
    {
        var topic = new Argument<string[]>("TOPIC")
        {
            Arity = ArgumentArity.OneOrMore,
            Description = "flow.SITE.APPROACH (closed and revised bins), flow.SITE.APPROACH.live (open bins, once a second at most), journeys.SITE (each vehicle's way over a junction), or health.SITE.CAMERA; several at a time.",
        };
        var node = new Option<string?>("--node")
        {
            Description = "A node of this machine, without TLS. [default: 127.0.0.1:4053]",
            HelpName = "HOST:PORT",
        };
        var config = new Option<string?>("--config")
        {
            Description = "Instead of --node: a node file with roles = [subscriber], whose seed nodes and certificates are used (hocon/subscriber.conf).",
            HelpName = "FILE",
        };
        var from = new Option<string?>("--from")
        {
            Description = "Go on after the bin or journey with this cursor, which stands in each of their lines (of journeys with --json): nothing is missed, nothing comes twice. 0 is the first one ever. Of journeys also a time, 2026-04-01T06:00+09:00: those that ended since, in that order, then what comes. Without it: from the last closed bins, or the next journey.",
            HelpName = "PLACE",
        };
        var messages = new Option<int?>("--messages") { Description = "End after so many messages; without it, at Ctrl-C.", HelpName = "N" };
        var json = new Option<bool>("--json") { Description = "One JSON object a line, for programs." };
        var command = new Verb(
            "watch",
            "Subscribes to topics of a running cluster and prints what is published; begins with what is known now.",
            "trafficflow watch flow.demo.north.live",
            "trafficflow watch flow.demo.north flow.demo.south health.demo.north-camera",
            "trafficflow watch flow.demo.north --json --from 1200",
            "trafficflow watch journeys.demo --from 2026-04-01T06:00+09:00",
            "trafficflow watch flow.kokandori.south --config /etc/trafficflow/subscriber.conf --json")
        {
            topic, node, config, from, messages, json,
        };
        command.SetAction((p, cancellation) =>
        {
            if (p.GetValue(messages) is < 1) throw new UsageException("--messages is 1 or more");
            var names = p.GetRequiredValue(topic).Distinct().ToList();
            if (names.FirstOrDefault(n => !TopicNames.IsTopic(n)) is { } wrong) throw new UsageException($"\"{wrong}\" is no topic: write {TopicNames.Forms}");
            if (names.Count > SubscriptionActor.MostTopics) throw new UsageException($"{names.Count} topics are too many: {SubscriptionActor.MostTopics} at most");
            var place = p.GetValue(from) is { } text ? WatchPlace.Parse(text, names) : null;
            if (p.GetValue(config) is not null && p.GetValue(node) is not null) throw new UsageException("say either --node or --config");
            var membership = p.GetValue(config) is { } file ? WatchMembership.From(file) : WatchMembership.Beside(p.GetValue(node) ?? "127.0.0.1:4053");
            return new WatchJob(names, membership, place, p.GetValue(messages), p.GetValue(json)).RunAsync(cancellation);
        });
        return command;
    }
}
