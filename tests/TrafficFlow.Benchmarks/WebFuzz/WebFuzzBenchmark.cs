using System.Diagnostics;
using System.Globalization;
using TrafficFlow.SystemTests.Web.Fuzz;

namespace TrafficFlow.Benchmarks.WebFuzz;

/// <summary>Odd requests at the pages and REST, as every role and as nobody: no fault of the server, and nothing of what is inside in an answer.</summary>
internal sealed class WebFuzzBenchmark : IBenchmark
{
    private const int All = 100_000;
    private const int Quick = 5_000;

    public string Name => "web-fuzz";

    public string Description =>
        """
        Random methods, paths of the route table with odd values, headers, cookies, tokens, ranges and bodies at a web host, signed in as each role and as
        nobody; a part of them written by hand, byte by byte.
          requests, per_second
          findings    answers with a 5xx that is no announced 503, or with anything of .NET in them: must be 0; each is told with its seed and number
        """;

    public IReadOnlyDictionary<string, string> Options => new Dictionary<string, string> { ["--seed"] = "of the requests; printed by every run", ["--requests"] = "how many" };

    public Task<Figures> RunAsync(bool isQuick, CancellationToken cancellation) => RunAsync(isQuick, new Dictionary<string, string>(), cancellation);

    public async Task<Figures> RunAsync(bool isQuick, IReadOnlyDictionary<string, string> options, CancellationToken cancellation)
    {
        var seed = options.WholeNumber("--seed") ?? Random.Shared.Next(1, int.MaxValue);
        Console.Error.WriteLine(string.Create(CultureInfo.InvariantCulture, $"seed {seed}"));
        await using var host = await FuzzedHost.StartAsync();
        var watch = Stopwatch.StartNew();
        var result = await SystemTests.Web.Fuzz.WebFuzz.RunAsync(host, seed, options.WholeNumber("--requests") ?? (isQuick ? Quick : All), cancellation);
        foreach (var finding in result.Findings) Console.Error.WriteLine(finding);
        Console.Error.WriteLine($"statuses: {string.Join(", ", result.Statuses.OrderBy(s => s.Key).Select(s => $"{s.Key} x {s.Value}"))}");
        return new Figures().Add("requests", result.Requests).Add("per_second", result.Requests / watch.Elapsed.TotalSeconds, 0).Add("findings", result.Findings.Count);
    }
}
