using System.Diagnostics;
using System.Text.Json;
using TrafficFlow.Benchmarks.Fuzz.Readers;

namespace TrafficFlow.Benchmarks.Fuzz;

/// <summary>The process that gives inputs to the readers, one after the other, until its plan is fulfilled. A reader may take it down with it.</summary>
internal static class FuzzWorker
{
    public const string Verb = "fuzz-worker";

    /// <summary>Findings of one fault that are written.</summary>
    private const int MostOfOne = 1;

    public static int Run(string folder)
    {
        // Before anything that is instrumented.
        EdgeMap.Connect();
        var plan = FuzzPlan.Load(folder);
        using var scratch = new ScratchFolder();
        using var set = ReaderSet.Make(scratch);
        var targets = set.Named(plan.Readers).Select((r, i) => new FuzzTarget(r, HashCode(plan.Seed, r.Name))).ToList();
        using var inFlight = new InFlight(FuzzPlan.InFlight(folder));
        var seen = new Dictionary<string, int>();
        var clock = Stopwatch.StartNew();
        var told = 0L;
        for (long inputs = 0; inputs < plan.Inputs && clock.Elapsed.TotalSeconds < plan.Seconds;)
        {
            for (var i = 0; i < targets.Count && inputs < plan.Inputs; i++)
            {
                for (var n = targets[i].Reader.Share; n > 0; n--, inputs++) One(folder, targets[i], i, inFlight, seen);
            }

            if (clock.ElapsedMilliseconds - told < 1000) continue;
            told = clock.ElapsedMilliseconds;
            Save(folder, targets);
        }

        Save(folder, targets);
        return 0;
    }

    private static void One(string folder, FuzzTarget target, int reader, InFlight inFlight, Dictionary<string, int> seen)
    {
        var input = target.Next();
        inFlight.Set(reader, input);
        var (outcome, cause) = target.Run(input);
        if (cause is null) return;
        var signature = Finding.Signature(target.Reader, outcome, cause);
        var times = seen[signature] = seen.GetValueOrDefault(signature) + 1;
        if (times <= MostOfOne) Finding.Of(target.Reader, outcome, cause, Shorter(target.Reader, signature, input)).Save(Path.Combine(FuzzPlan.Findings(folder), $"{seen.Count:000}-{target.Reader.Name}.txt"));
    }

    /// <summary>Pieces are left out as long as the fault stays.</summary>
    private static byte[] Shorter(FuzzReader reader, string signature, byte[] input)
    {
        var tries = 400;
        for (var piece = Math.Max(1, input.Length / 2); piece > 0; piece /= 2)
        {
            for (var at = 0; at + piece <= input.Length && tries-- > 0;)
            {
                byte[] less = [.. input[..at], .. input[(at + piece)..]];
                var (outcome, cause) = FuzzTarget.Judge(reader, less);
                if (cause is not null && Finding.Signature(reader, outcome, cause) == signature) input = less;
                else at += piece;
            }
        }

        return input;
    }

    private static void Save(string folder, List<FuzzTarget> targets)
    {
        var draft = $"{FuzzPlan.Result(folder)}.new";
        File.WriteAllText(draft, JsonSerializer.Serialize(
            targets.Select(t => new ReaderTally(t.Reader.Name, t.Inputs, t.Taken, Stopwatch.GetElapsedTime(0, t.Ticks).TotalSeconds, t.Edges))));
        File.Move(draft, FuzzPlan.Result(folder), overwrite: true);
    }

    /// <summary>The same in each process, unlike that of .NET.</summary>
    private static int HashCode(int seed, string name) => name.Aggregate(seed, (hash, c) => unchecked((hash * 16777619) ^ c));
}
