// Vehicles of a day by approach, then the next bins as they close: flows SERVER SITE DAY BINS, the token in TRAFFICFLOW_TOKEN.
using System.Globalization;
using TrafficFlow.Client;

var (server, site, day, bins) = (new Uri(args[0]), args[1], DateTimeOffset.Parse(args[2], CultureInfo.InvariantCulture), int.Parse(args[3], CultureInfo.InvariantCulture));
using var client = new TrafficFlowClient(server, Environment.GetEnvironmentVariable("TRAFFICFLOW_TOKEN")!);

var counts = new SortedDictionary<string, int>();
await foreach (var row in client.FlowsAsync(site, day, day.AddDays(1), minutes: 60, movement: "entering"))
{
    // A number that is missing is null, never zero.
    if (row.Count is { } vehicles) counts[row.Approach] = counts.GetValueOrDefault(row.Approach) + vehicles;
}

foreach (var (approach, vehicles) in counts) Console.WriteLine($"{approach} {vehicles}");
var topic = (await client.TopicsAsync(site)).First(t => t.IsKept).Topic;
await foreach (var bin in client.SubscribeAsync(site, topic, after: args.ElementAtOrDefault(4)))
{
    Console.WriteLine($"{bin.Place} {bin.Value.GetProperty("start")} {bin.Value.GetProperty("quality")}");
    if (--bins <= 0) break;
}
