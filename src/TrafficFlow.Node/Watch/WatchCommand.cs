using System.CommandLine;
using System.Globalization;
using TrafficFlow.Actors.Topics;

namespace TrafficFlow.Node.Watch;

/// <summary>`trafficflow watch TOPIC`: what an analyst sees of the cluster.</summary>
public static class WatchCommand
{
    public static Command Create()
    {
        var topic = new Argument<string>("TOPIC")
        {
            Description = "flow.SITE.APPROACH (closed and revised bins), flow.SITE.APPROACH.live (open bins, each second), or health.SITE.CAMERA.",
        };
        var node = new Option<string>("--node")
        {
            Description = "Any node of the cluster.",
            HelpName = "HOST:PORT",
            DefaultValueFactory = _ => "127.0.0.1:4053",
        };
        var messages = new Option<int?>("--messages") { Description = "End after so many messages; without it, at Ctrl-C.", HelpName = "N" };
        var json = new Option<bool>("--json") { Description = "One JSON object a line, for programs." };
        var command = new Verb(
            "watch",
            "Subscribes to a topic of a running cluster and prints what is published; begins with what is known now.",
            "trafficflow watch flow.demo.north.live",
            "trafficflow watch flow.kokandori.south --node server.example:4053 --json")
        {
            topic, node, messages, json,
        };
        command.SetAction((p, cancellation) =>
        {
            if (p.GetValue(messages) is < 1) throw new UsageException("--messages is 1 or more");
            var name = p.GetRequiredValue(topic);
            if (TopicNames.ParseFlow(name) is null && name.Split('.') is not ["health", { Length: > 0 }, { Length: > 0 }])
                throw new UsageException($"\"{name}\" is no topic: write flow.SITE.APPROACH, flow.SITE.APPROACH.live or health.SITE.CAMERA");
            var (host, port) = Address(p.GetValue(node)!);
            return new WatchJob(name, host, port, p.GetValue(messages), p.GetValue(json)).RunAsync(cancellation);
        });
        return command;
    }

    private static (string Host, int Port) Address(string text)
    {
        var colon = text.LastIndexOf(':');
        return colon > 0 && int.TryParse(text.AsSpan(colon + 1), NumberStyles.None, CultureInfo.InvariantCulture, out var port) && port is > 0 and < 65536
            ? (text[..colon], port)
            : throw new UsageException($"--node {text}: write HOST:PORT, for example 127.0.0.1:4053");
    }
}
