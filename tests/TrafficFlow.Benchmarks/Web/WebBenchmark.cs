using System.Diagnostics;
using System.Globalization;
using System.Net.Http.Headers;
using TrafficFlow.Core.Sites;
using TrafficFlow.Server.Tables;
using TrafficFlow.Wire.Journals;

namespace TrafficFlow.Benchmarks.Web;

/// <summary>What readers of pages and programs wait for, and whether they get everything.</summary>
internal sealed class WebBenchmark : IBenchmark
{
    private const int PerSecond = 50;

    // Of the replay: its first minute.
    private static readonly DateTimeOffset Begin = new(2026, 1, 1, 9, 0, 0, TimeSpan.FromHours(9));
    private static readonly string[] Arms = ["north", "east", "south", "west"];

    public string Name => "web";

    public string Description =>
        """
        A node with 30 days of five-minute bins of 4 approaches x 5 movements x 5 classes and a year of hours serves pages, questions, streams and an MQTT feed
        while it counts a replay at 20 times (a bin closes each three seconds); in the middle it is killed, and started again with the four live
        cameras of the demo beside. Clients, browser and broker are on the same machine.
          first_visit_s                  address to drawn chart in Chromium, the very first page of a node that has just started: nothing of it is compiled yet
          first_page_s, year_page_s      address to drawn chart in Chromium without a cache, median of 5: 30 days, and a year; at most 1 and 2. Before the crowd comes,
                                         of a node that counts the replay alone
          first_page_beside_s            the same of 30 days, of the node that counts four live cameras beside, which are rendered on this machine too
          query_alone_ms                 median of one question after the other on the idle node
          query_p99_ms, query_max_ms     of /v1/sites/SITE/flows, one approach of a day in quarters, 50 a second, beside all streams; at most 100.
                                         120 questions in turn: 6 % of them are asked for the first time, so that the slowest hundredth is read and written anew
          query_p99_beside_ms            the same after the restart, beside all streams and the four live cameras, which are rendered on this machine too
          queries_refused                with 503, since too many waited: must be 0
          sse_clients, mqtt_clients      that follow, from before the restart to the end
          sse_events, mqtt_events        different ones that anybody got
          sse_lost, sse_doubled          of all clients, over the restart: must be 0
          mqtt_lost                      likewise; MQTT may repeat
          sse_behind_p99_s, sse_behind_max_s, mqtt_behind_max_s    after the first client that got the same bin, without the restart; at most 1
          frames_ratio                   of the live cameras' frames a second beside all of them, to those of the node that nobody asks; and what was dropped of each
          memory_mb                      of the node, with all of them
        """;

    public async Task<Figures> RunAsync(bool isQuick, CancellationToken cancellation)
    {
        var (days, hourDays, clients, subscribers, seconds) = isQuick ? (2, 10, 100, 20, 10) : (30, 365, 1_000, 200, 40);
        using var folder = new TempFolder();
        await using var mqtt = await MqttCrowd.StartAsync(folder.FullName, subscribers, WebNode.Site, cancellation);
        // What is repeated after a start is behind nobody.
        mqtt.Arrivals.IsTimed = false;
        await using var node = await WebNode.PrepareAsync(folder.FullName, 20, mqtt.Port);
        Directory.CreateDirectory(folder.File("data"), UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        var written = await CountedYear.WriteAsync(
            new FlowTables(new SqliteJournal(folder.File("data/journal.db"))), new SiteId(WebNode.Site), [.. Arms.Select(a => new ApproachId(a))], Begin, days, hourDays, cancellation);
        Tell($"{written} bins written");
        await node.StartAsync();
        await node.SignInAsync();
        var last = Begin.AddDays(-1);
        var (visit, pages) = await FirstPage.MeasureAsync(node.Address, node.Cookies, [Counts(days, last), Counts(hourDays, last)], isQuick ? 2 : 5);
        Tell($"pages {string.Join(", ", pages.Select(p => p.ToString("0.00", CultureInfo.InvariantCulture)))} s");

        using var client = new HttpClient(new SocketsHttpHandler { MaxConnectionsPerServer = int.MaxValue, UseCookies = false }) { BaseAddress = node.Address, Timeout = Timeout.InfiniteTimeSpan };
        var alone = new List<double>();
        // Pages of 95 bins: none of them is kept when the others are asked for.
        for (var i = 0; i < (isQuick ? 60 : 120); i++) alone.Add(await AnswerAsync(client, $"{Question(last, days, i)}&limit=95", node.Token, cancellation));
        Tell(string.Create(CultureInfo.InvariantCulture, $"a question alone {Quantile(alone, 0.5) * 1000:0.0} ms, the first {alone[0] * 1000:0} ms"));
        using var end = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        // Until all follow, nor is who joins late.
        var arrivals = new Arrivals { IsTimed = false };
        var readers = Enumerable.Range(0, clients).Select(i => Arms[i % Arms.Length]).Select(a => new TopicReader(client, a, $"/v1/sites/{WebNode.Site}/topics/flow.{WebNode.Site}.{a}", node.Token, arrivals)).ToList();
        var following = Task.WhenAll(readers.Select(r => r.RunAsync(end.Token)));
        await UntilAsync(() => readers.All(r => r.Got.Count > 0), "every client has its first event", cancellation);
        // Until here each was told the newest of each duration only, as old as it may be: from here on all must come to all.
        var begin = Arms.ToDictionary(a => a, arrivals.Newest);
        (arrivals.IsTimed, mqtt.Arrivals.IsTimed) = (true, true);
        Tell("all clients follow");
        var asked = await AskAsync(client, node.Token, last, days, TimeSpan.FromSeconds(seconds), cancellation);
        List<double> queries = [.. asked.Where(q => !double.IsNaN(q))];
        var memory = node.MemoryMib;

        (arrivals.IsTimed, mqtt.Arrivals.IsTimed) = (false, false);
        await node.KillAsync();
        await node.AddCamerasAsync();
        await node.StartAsync();
        var (before, published) = (Arms.ToDictionary(a => a, arrivals.Newest), mqtt.Arrivals.Events);
        await UntilAsync(() => Arms.All(a => arrivals.Newest(a) > before[a] + 5) && mqtt.Arrivals.Events > published + 20, "bins close after the restart", cancellation);
        Tell("the node counts on after it was killed");
        var until = Arms.ToDictionary(a => a, arrivals.Newest);
        await UntilAsync(() => readers.All(r => r.Got.Max() >= until[r.Topic]), "every client has come as far", cancellation);
        Tell("and the cameras count beside them");
        var begun = await node.FramesAsync();
        var besideCameras = await AskAsync(client, node.Token, last, days, TimeSpan.FromSeconds(isQuick ? 5 : 15), cancellation);
        var crowded = await node.FramesAsync();
        await end.CancelAsync();
        await following;
        var idle = await node.FramesAsync();
        await Task.Delay(TimeSpan.FromSeconds(isQuick ? 5 : 15), cancellation);
        var quiet = await node.FramesAsync();
        await node.SignInAgainAsync();
        var (_, beside) = await FirstPage.MeasureAsync(node.Address, node.Cookies, [Counts(days, last)], isQuick ? 2 : 5);
        // Nothing more comes, and what is on its way arrives.
        await node.KillAsync();
        await Task.Delay(TimeSpan.FromSeconds(2), cancellation);
        List<double> answered = [.. besideCameras.Where(q => !double.IsNaN(q))];
        return new Figures().Add("first_visit_s", visit, 2).Add("first_page_s", pages.Count > 0 ? pages[0] : double.NaN, 2).Add("year_page_s", pages.Count > 1 ? pages[1] : double.NaN, 2)
            .Add("first_page_beside_s", beside.Count > 0 ? beside[0] : double.NaN, 2)
            .Add("query_alone_ms", Quantile(alone, 0.5) * 1000, 1).Add("query_p99_ms", Quantile(queries, 0.99) * 1000, 1).Add("query_max_ms", queries.DefaultIfEmpty(double.NaN).Max() * 1000, 1).Add("queries", asked.Count).Add("queries_refused", asked.Count - queries.Count + besideCameras.Count - answered.Count).Add("query_p99_beside_ms", Quantile(answered, 0.99) * 1000, 1)
            .Add("sse_clients", clients).Add("sse_events", arrivals.Events).Add("sse_lost", readers.Sum(r => arrivals.Lost(r.Topic, r.Got, begin[r.Topic], until[r.Topic])) + Arms.Sum(a => arrivals.Gaps(a, begin[a]))).Add("sse_doubled", readers.Sum(r => r.Doubled))
            .Add("sse_behind_p99_s", Quantile(arrivals.Behind, 0.99), 3).Add("sse_behind_max_s", arrivals.Behind.DefaultIfEmpty(double.NaN).Max(), 3)
            .Add("mqtt_clients", subscribers).Add("mqtt_events", mqtt.Arrivals.Events).Add("mqtt_lost", mqtt.Lost + mqtt.Gaps).Add("mqtt_behind_max_s", mqtt.Arrivals.Behind.DefaultIfEmpty(double.NaN).Max(), 3)
            .Add("frames_ratio", crowded.RateSince(begun) / quiet.RateSince(idle), 3).Add("frames_dropped_alone", quiet.Dropped - idle.Dropped).Add("frames_dropped_beside", crowded.Dropped - begun.Dropped)
            .Add("memory_mb", memory, 0).Add("bins", written);
    }

    private static string Counts(int days, DateTimeOffset last) =>
        string.Create(CultureInfo.InvariantCulture, $"/sites/{WebNode.Site}/counts?from={last.AddDays(1 - days):yyyy-MM-dd}&to={last:yyyy-MM-dd}");

    /// <summary>Asks so often a second, whether the one before was answered or not.</summary>
    private static async Task<IReadOnlyList<double>> AskAsync(HttpClient client, string token, DateTimeOffset last, int days, TimeSpan length, CancellationToken cancellation)
    {
        using var timer = new PeriodicTimer(TimeSpan.FromSeconds(1.0 / PerSecond));
        var (watch, asked) = (Stopwatch.StartNew(), new List<Task<double>>());
        while (watch.Elapsed < length && await timer.WaitForNextTickAsync(cancellation)) asked.Add(AnswerAsync(client, Question(last, days, asked.Count), token, cancellation));
        return await Task.WhenAll(asked);
    }

    /// <summary>Of one approach and one day, in turn: nobody asks for the same again soon.</summary>
    private static string Question(DateTimeOffset last, int days, int number)
    {
        var day = last.AddDays(-(number / Arms.Length % days));
        return string.Create(CultureInfo.InvariantCulture, $"/v1/sites/{WebNode.Site}/flows?from={day:yyyy-MM-dd}&to={day.AddDays(1):yyyy-MM-dd}&bin=15&approach={Arms[number % Arms.Length]}");
    }

    /// <returns>Seconds; not a number where the node had too much to do, and said so.</returns>
    private static async Task<double> AnswerAsync(HttpClient client, string path, string token, CancellationToken cancellation)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, path);
        request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", token);
        var watch = Stopwatch.StartNew();
        using var answer = await client.SendAsync(request, cancellation);
        await answer.Content.CopyToAsync(Stream.Null, cancellation);
        return answer.IsSuccessStatusCode ? watch.Elapsed.TotalSeconds
            : answer.StatusCode == System.Net.HttpStatusCode.ServiceUnavailable ? double.NaN
            : throw new BenchmarkException(BenchmarkException.Failed, $"{path} answered {(int)answer.StatusCode}: {await answer.Content.ReadAsStringAsync(cancellation)}");
    }

    private static async Task UntilAsync(Func<bool> holds, string what, CancellationToken cancellation)
    {
        var watch = Stopwatch.StartNew();
        while (!holds())
        {
            if (watch.Elapsed > TimeSpan.FromMinutes(4)) throw new BenchmarkException(BenchmarkException.Failed, $"within 4 minutes it was not seen that {what}");
            await Task.Delay(200, cancellation);
        }
    }

    private static double Quantile(IReadOnlyCollection<double> values, double share)
    {
        var sorted = values.Order().ToList();
        return sorted.Count == 0 ? double.NaN : sorted[Math.Min(sorted.Count - 1, (int)(sorted.Count * share))];
    }

    private static void Tell(string text) => Console.Error.WriteLine($"{DateTime.UtcNow:HH:mm:ss} {text}");
}
