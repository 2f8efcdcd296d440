using System.Runtime.InteropServices;

namespace TrafficFlow.Benchmarks;

/// <summary>NAME [--quick]. Progress goes to standard error, so that standard output is the JSON line alone.</summary>
internal static class CommandLine
{
    private const string Quick = "--quick";
    private static readonly string[] Help = ["--help", "-h", "-?", "help"];

    public static async Task<int> RunAsync(IReadOnlyList<IBenchmark> benchmarks, string[] args)
    {
        var (names, options, wrong) = Read(benchmarks, args);
        if (args.Intersect(Help).Any())
        {
            Console.WriteLine(HelpText(benchmarks));
            return 0;
        }

        if (wrong is not null || benchmarks.FirstOrDefault(b => b.Name == names[0]) is not { } benchmark)
        {
            Console.Error.WriteLine($"benchmarks: {wrong}\n\n{HelpText(benchmarks)}");
            return BenchmarkException.CannotRun;
        }

        using var cancellation = new CancellationTokenSource();
        Console.CancelKeyPress += (_, e) =>
        {
            e.Cancel = true;
            cancellation.Cancel();
        };
        using var terminated = PosixSignalRegistration.Create(PosixSignal.SIGTERM, s =>
        {
            s.Cancel = true;
            cancellation.Cancel();
        });
        try
        {
            var figures = await benchmark.RunAsync(args.Contains(Quick), options, cancellation.Token);
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

    private static (IReadOnlyList<string> Names, Dictionary<string, string> Options, string? Wrong) Read(IReadOnlyList<IBenchmark> benchmarks, string[] args)
    {
        var names = new List<string>();
        var options = new Dictionary<string, string>();
        var known = benchmarks.SelectMany(b => b.Options.Keys).ToHashSet();
        for (var i = 0; i < args.Length; i++)
        {
            if (args[i] == Quick) continue;
            if (!args[i].StartsWith('-')) names.Add(args[i]);
            else if (!known.Contains(args[i])) return (names, options, $"there is no option {args[i]}");
            else if (i + 1 == args.Length) return (names, options, $"{args[i]} needs a value");
            else options[args[i]] = args[++i];
        }

        if (names.Count != 1) return (names, options, "name one benchmark");
        if (benchmarks.FirstOrDefault(b => b.Name == names[0]) is not { } benchmark) return (names, options, $"there is no benchmark \"{names[0]}\"");
        var foreign = options.Keys.FirstOrDefault(o => !benchmark.Options.ContainsKey(o));
        return (names, options, foreign is null ? null : $"{benchmark.Name} has no option {foreign}");
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

        {string.Join("\n\n", benchmarks.Select(b => $"{b.Name}\n{Indented(string.Join('\n', b.Options.Select(o => $"{o.Key} {o.Value}").Prepend(b.Description)))}"))}
        """;

    private static string Indented(string text) => string.Join('\n', text.Split('\n').Select(line => "  " + line));
}
