using System.Diagnostics;
using System.Globalization;
using System.Text.Json;
using TrafficFlow.Benchmarks.Fuzz.Readers;

namespace TrafficFlow.Benchmarks.Fuzz;

/// <summary>
/// Gives every reader of foreign bytes inputs by the million: those of the kept corpus, and what a mutation guided by the reached edges makes of
/// them. Another process does it, and one takes its place when it dies or hangs: that is a finding, too.
/// </summary>
internal sealed class FuzzBenchmark : IBenchmark
{
    private const long AllInputs = 10_000_000;
    private const double AllSeconds = 30 * 60;
    private const double QuickSeconds = 40;
    /// <summary>Used for one input.</summary>
    private static readonly TimeSpan MostCpu = TimeSpan.FromSeconds(20);

    /// <summary>For one input that may use nothing, but wait.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(5);
    private static readonly TimeSpan Look = TimeSpan.FromSeconds(0.5);

    public string Name => "fuzz";

    public string Description =>
        """
        10,000,000 inputs, or 30 minutes, over every reader of bytes that others made: wire messages, the link before and after its handshake,
        ctl, HOCON, site and node files, truths, crossings, tracks, points, pins, model files, what ffmpeg tells, files of the vault and of bundles. The readers are instrumented by
        SharpFuzz; inputs that reach new edges are changed further. crashes, hangs, over_memory and wrong_acceptances should be 0: a reader refuses
        in the way that it promises, within a second, and with memory in proportion to the input; and what it takes is the same after it was
        written and read again. READER_per_s, READER_taken (inputs that were taken) and READER_edges tell how far each was tried.
        """;

    public IReadOnlyDictionary<string, string> Options => new Dictionary<string, string>
    {
        ["--inputs"] = "N         end after so many",
        ["--seconds"] = "N        end after so long",
        ["--seed"] = "N           begin with another one; the same gives the same inputs (default 1)",
        ["--readers"] = "A,B      only these",
        ["--found"] = "FOLDER     where inputs that did harm are written (default: a new one under /tmp)",
        ["--replay"] = "FILE      give such an input to its reader again, without anything else",
    };

    public Task<Figures> RunAsync(bool isQuick, CancellationToken cancellation) => RunAsync(isQuick, new Dictionary<string, string>(), cancellation);

    public async Task<Figures> RunAsync(bool isQuick, IReadOnlyDictionary<string, string> options, CancellationToken cancellation)
    {
        if (options.TryGetValue("--replay", out var file)) return Replay(file);
        var plan = new FuzzPlan(
            (int)Number(options, "--seed", 1), (long)Number(options, "--inputs", AllInputs), Number(options, "--seconds", isQuick ? QuickSeconds : AllSeconds),
            options.TryGetValue("--readers", out var readers) ? readers.Split(',') : []);
        using var folder = new TempFolder();
        var found = options.GetValueOrDefault("--found") ?? Path.Combine(Path.GetTempPath(), $"trafficflow-fuzz-found-{Environment.ProcessId}");
        var program = InstrumentedCopy.Make(Directory.CreateDirectory(folder.File("program")).FullName);
        Directory.CreateDirectory(found);
        var names = ReadersOf(plan);
        var tallies = new Dictionary<string, ReaderTally>();
        var clock = Stopwatch.StartNew();
        var findings = new Dictionary<string, Finding>();
        for (var run = 0; Left(plan, clock, tallies) is { Inputs: > 0, Seconds: > 0 } left; run++)
        {
            var work = Directory.CreateDirectory(folder.File($"run{run}")).FullName;
            var death = await RunAsync(program, left with { Seed = plan.Seed + run }, work, names, cancellation);
            Add(tallies, work);
            foreach (var finding in Directory.GetFiles(FuzzPlan.Findings(work)).Order(StringComparer.Ordinal).Select(Finding.Load).Concat(death is null ? [] : [death]))
            {
                if (!findings.TryAdd(finding.Key, finding)) continue;
                var path = Path.Combine(found, $"{findings.Count:000}-{finding.Reader}.txt");
                finding.Save(path);
                Console.Error.WriteLine($"fuzz: {finding.Outcome} of {finding.Reader} (seed {plan.Seed + run}): {finding.What}; {finding.Note}; the input is in {path}");
            }
        }

        if (findings.Count == 0 && !options.ContainsKey("--found")) Directory.Delete(found);
        return FiguresOf(tallies, findings.Values, clock.Elapsed);
    }

    private static Figures FiguresOf(Dictionary<string, ReaderTally> tallies, IReadOnlyCollection<Finding> findings, TimeSpan took)
    {
        var figures = new Figures()
            .Add("inputs", tallies.Values.Sum(t => t.Inputs))
            .Add("crashes", findings.Count(f => f.Outcome == FuzzOutcome.Crash))
            .Add("hangs", findings.Count(f => f.Outcome == FuzzOutcome.Hang))
            .Add("over_memory", findings.Count(f => f.Outcome == FuzzOutcome.OverMemory))
            .Add("wrong_acceptances", findings.Count(f => f.Outcome == FuzzOutcome.WrongAcceptance))
            .Add("seconds", took.TotalSeconds, 1);
        foreach (var t in tallies.Values)
        {
            var name = t.Name.Replace('-', '_');
            figures.Add($"{name}_inputs", t.Inputs).Add($"{name}_taken", t.Taken).Add($"{name}_per_s", t.Seconds > 0 ? t.Inputs / t.Seconds : double.NaN, 0).Add($"{name}_edges", t.Edges);
        }

        return figures;
    }

    private static FuzzPlan Left(FuzzPlan plan, Stopwatch clock, Dictionary<string, ReaderTally> tallies) =>
        plan with { Inputs = plan.Inputs - tallies.Values.Sum(t => t.Inputs), Seconds = plan.Seconds - clock.Elapsed.TotalSeconds };

    /// <returns>How the process ended before its time; null where it did not.</returns>
    private static async Task<Finding?> RunAsync(string program, FuzzPlan plan, string folder, IReadOnlyList<string> names, CancellationToken cancellation)
    {
        plan.Save(folder);
        Directory.CreateDirectory(FuzzPlan.Findings(folder));
        using var inFlight = new InFlight(FuzzPlan.InFlight(folder));
        var error = new List<string>();
        using var process = new Process { StartInfo = new ProcessStartInfo(program, [FuzzWorker.Verb, folder]) { RedirectStandardInput = true, RedirectStandardError = true } };
        // A reader that is led into an endless file must not take the machine with it.
        process.StartInfo.Environment["DOTNET_GCHeapHardLimit"] = "0x60000000";
        process.ErrorDataReceived += (_, e) =>
        {
            if (e.Data is { } line && error.Count < 40) error.Add(line);
        };
        process.Start();
        process.StandardInput.Close();
        process.BeginErrorReadLine();
        var (number, since, used) = (-1L, Stopwatch.GetTimestamp(), TimeSpan.Zero);
        try
        {
            while (!process.WaitForExit(Look))
            {
                cancellation.ThrowIfCancellationRequested();
                var cpu = process.HasExited ? used : process.TotalProcessorTime;
                if (inFlight.Number != number) (number, since, used) = (inFlight.Number, Stopwatch.GetTimestamp(), cpu);
                if (cpu - used < MostCpu && Stopwatch.GetElapsedTime(since) < Patience) continue;
                process.Kill();
                return Died(FuzzOutcome.Hang, $"TimeoutException: no answer within {MostCpu.TotalSeconds:0} s of CPU or {Patience.TotalMinutes:0} min");
            }
        }
        finally
        {
            if (!process.HasExited) process.Kill();
            await process.WaitForExitAsync(CancellationToken.None);
        }

        return process.ExitCode == 0 ? null : Died(FuzzOutcome.Crash, $"the process ended with exit code {process.ExitCode}: {string.Join(" | ", error.Take(3))}");

        Finding Died(FuzzOutcome outcome, string what)
        {
            if (inFlight.Number == 0) throw new BenchmarkException(BenchmarkException.Failed, $"the fuzzing process did not begin: {what}\n{string.Join('\n', error)}");
            var (reader, input) = inFlight.Get();
            return new Finding(names[reader], outcome, what, input, "", string.Join('\n', error));
        }
    }

    private static void Add(Dictionary<string, ReaderTally> tallies, string folder)
    {
        if (!File.Exists(FuzzPlan.Result(folder))) return;
        foreach (var t in JsonSerializer.Deserialize<List<ReaderTally>>(File.ReadAllText(FuzzPlan.Result(folder)))!)
        {
            tallies[t.Name] = tallies.TryGetValue(t.Name, out var before)
                ? t with { Inputs = t.Inputs + before.Inputs, Taken = t.Taken + before.Taken, Seconds = t.Seconds + before.Seconds, Edges = Math.Max(t.Edges, before.Edges) }
                : t;
        }
    }

    private static IReadOnlyList<string> ReadersOf(FuzzPlan plan)
    {
        using var scratch = new ScratchFolder();
        using var set = ReaderSet.Make(scratch);
        return [.. set.Named(plan.Readers).Select(r => r.Name)];
    }

    private static Figures Replay(string file)
    {
        var finding = Finding.Load(file);
        using var scratch = new ScratchFolder();
        using var set = ReaderSet.Make(scratch);
        var (outcome, cause) = FuzzTarget.Judge(set.Named([finding.Reader])[0], finding.Input);
        Console.Error.WriteLine($"fuzz: {finding.Reader}: {outcome}{(cause is null ? "" : $"\n{cause}")}");
        return new Figures().Add("inputs", 1).Add("failed", cause is null ? 0 : 1);
    }

    /// <exception cref="BenchmarkException">It is no number.</exception>
    private static double Number(IReadOnlyDictionary<string, string> options, string name, double otherwise) =>
        !options.TryGetValue(name, out var text) ? otherwise
        : double.TryParse(text, CultureInfo.InvariantCulture, out var number) && number > 0 ? number
        : throw new BenchmarkException(BenchmarkException.CannotRun, $"{name} takes a number above 0, not \"{text}\"");
}
