namespace TrafficFlow.Benchmarks;

/// <summary>NAME [--quick]. Progress goes to standard error, so that standard output is the JSON line alone.</summary>
internal static class CommandLine
{
    private const string Quick = "--quick";
    private static readonly string[] Help = ["--help", "-h", "-?", "help"];

    public static async Task<int> RunAsync(IReadOnlyList<IBenchmark> benchmarks, string[] args)
    {
        var names = args.Where(a => !a.StartsWith('-')).ToList();
        if (args.Intersect(Help).Any())
        {
            Console.WriteLine(HelpText(benchmarks));
            return 0;
        }

        var unknown = args.FirstOrDefault(a => a.StartsWith('-') && a != Quick);
        if (unknown is not null || names.Count != 1 || benchmarks.FirstOrDefault(b => b.Name == names[0]) is not { } benchmark)
        {
            var wrong = unknown is not null ? $"there is no option {unknown}" : names.Count == 1 ? $"there is no benchmark \"{names[0]}\"" : "name one benchmark";
            Console.Error.WriteLine($"benchmarks: {wrong}\n\n{HelpText(benchmarks)}");
            return BenchmarkException.CannotRun;
        }

        using var cancellation = new CancellationTokenSource();
        Console.CancelKeyPress += (_, e) =>
        {
            e.Cancel = true;
            cancellation.Cancel();
        };
        try
        {
            var figures = await benchmark.RunAsync(args.Contains(Quick), cancellation.Token);
            Console.WriteLine(figures.ToJson(benchmark.Name));
            return 0;
        }
        catch (BenchmarkException e)
        {
            Console.Error.WriteLine($"benchmarks: {e.Message}");
            return e.ExitCode;
        }
        catch (OperationCanceledException) when (cancellation.IsCancellationRequested)
        {
            Console.Error.WriteLine("benchmarks: interrupted");
            return BenchmarkException.Failed;
        }
    }

    private static string HelpText(IReadOnlyList<IBenchmark> benchmarks) =>
        $"""
        Measures what TrafficFlow promises. Progress goes to standard error; the last line on standard output is one JSON object whose keys
        carry their unit.

          dotnet run -c Release --project tests/TrafficFlow.Benchmarks -- NAME [--quick]

          --quick   ends within 60 s, with rougher figures

        Absolute figures belong to the machine and to what else it does meanwhile; ratios are taken within one run and travel better.
        Video clips and models come from the folder `shared` beside the repository.
        Exit codes: 0 measured, 1 begun and failed, 2 cannot run here.

        {string.Join("\n\n", benchmarks.Select(b => $"{b.Name}\n{Indented(b.Description)}"))}
        """;

    private static string Indented(string text) => string.Join('\n', text.Split('\n').Select(line => "  " + line));
}
