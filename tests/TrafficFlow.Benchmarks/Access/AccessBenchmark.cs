using TrafficFlow.SystemTests.Security;

namespace TrafficFlow.Benchmarks.Access;

/// <summary>What it costs that each message of a peer is held against the table of who may send what.</summary>
internal sealed class AccessBenchmark : IBenchmark
{
    /// <summary>Events per second that a server must take on PostgreSQL, see benchmark delivery.</summary>
    private const int DeliveryRate = 10_000;

    public string Name => "access";

    public string Description =>
        """
        A cabinet's deliveries of 100 entries to a server, over TLS, answered by an actor in place of the aggregators: with the filter of
        who may send what and without, in rounds that alternate, first and second by turns. No database takes part: the link alone carries
        some forty times as much as a server on PostgreSQL counts (benchmark delivery), and the ratio is the worst that there can be.
          filtered_per_s, unfiltered_per_s    deliveries, median of the rounds
          link_ratio                          median over the rounds
          cost_us                             of one delivery of 100 entries, at both ends
          throughput_ratio                    what that leaves of 10,000 events a second, which PostgreSQL takes; at least 0.95
        """;

    public async Task<Figures> RunAsync(bool isQuick, CancellationToken cancellation)
    {
        var (rounds, seconds) = isQuick ? (4, 2) : (12, 5);
        using var certificates = new TestCertificates();
        await using var filtered = await DeliveryLink.StartAsync(certificates, isFiltered: true, cancellation);
        await using var open = await DeliveryLink.StartAsync(certificates, isFiltered: false, cancellation);
        await filtered.MeasureAsync(TimeSpan.FromSeconds(seconds), cancellation);
        await open.MeasureAsync(TimeSpan.FromSeconds(seconds), cancellation);
        var (with, without) = (new List<double>(), new List<double>());
        for (var i = 0; i < rounds; i++)
        {
            if (i % 2 == 0) with.Add(await filtered.MeasureAsync(TimeSpan.FromSeconds(seconds), cancellation));
            without.Add(await open.MeasureAsync(TimeSpan.FromSeconds(seconds), cancellation));
            if (i % 2 == 1) with.Add(await filtered.MeasureAsync(TimeSpan.FromSeconds(seconds), cancellation));
            Console.Error.WriteLine(string.Create(System.Globalization.CultureInfo.InvariantCulture, $"round {i + 1}: {with[^1]:0} and {without[^1]:0} deliveries/s"));
        }

        var cost = with.Zip(without, (w, o) => (1 / w) - (1 / o)).Median();
        return new Figures().Add("rounds", rounds).Add("filtered_per_s", with.Median(), 0).Add("unfiltered_per_s", without.Median(), 0)
            .Add("link_ratio", with.Zip(without, (w, o) => w / o).Median(), 3).Add("cost_us", cost * 1e6, 1)
            .Add("throughput_ratio", 1 - (cost * DeliveryRate / DeliveryLink.Entries), 4);
    }
}
