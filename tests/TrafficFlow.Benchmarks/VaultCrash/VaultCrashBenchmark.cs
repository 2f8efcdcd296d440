using System.Diagnostics;
using System.Globalization;
using TrafficFlow.Vault.Keys;
using TrafficFlow.Vault.Recordings;

namespace TrafficFlow.Benchmarks.VaultCrash;

/// <summary>A worker on two vaults is killed, or its disk loses power, at random moments; afterwards the vaults are opened and looked at.</summary>
internal sealed class VaultCrashBenchmark : IBenchmark
{
    private const int Usual = 300;
    private const int Few = 12;
    private const int EachIn = 12;
    private const int LongestMilliseconds = 900;

    /// <summary>Of all moments, one in so many is a power cut, where root allows it.</summary>
    private const int PowerCutOf = 4;

    public string Name => "vault-crash";

    public string Description =>
        """
        A process that records, rotates keys, erases, exports, imports and confirms on two vaults is killed (SIGKILL) at random moments, and opened again each time. One moment in four is a power cut
        instead: the vaults lie on ext4 on a disk that loses what was not flushed (ext4 in a file, in an ext4 whose file is copied as it is at that moment, and mounted). Before each such disk is used it is tried:
        a new file, an overwritten one and a new name that nobody has flushed must be gone after a cut, and what was flushed there. Needs root for that; else all are kills.
          points, power_cuts        moments at which it was ended, and how many of them were power cuts
          probed_unflushed_lost     of three kinds of writes that were not flushed, how many each disk loses at least: 3, where there were power cuts
          closed, erased            segments that were closed, and that were erased, before
          lost_segments_closed      closed, meant to be kept, and in neither vault: must be 0
          readable_after_erase      erased, and open: must be 0
          orphans                   files that belong to nothing, keys that do not open, erasures that are not ended, and findings of the vaults' own verification: must be 0
        """;

    public IReadOnlyDictionary<string, string> Options => new Dictionary<string, string>
    {
        ["--seed"] = "of the moments and of what is done; printed by every run",
        ["--points"] = "how many moments",
    };

    public Task<Figures> RunAsync(bool isQuick, CancellationToken cancellation) => RunAsync(isQuick, new Dictionary<string, string>(), cancellation);

    public async Task<Figures> RunAsync(bool isQuick, IReadOnlyDictionary<string, string> options, CancellationToken cancellation)
    {
        var seed = options.WholeNumber("--seed") ?? Random.Shared.Next(1, int.MaxValue);
        var points = options.WholeNumber("--points") ?? (isQuick ? Few : Usual);
        await Console.Error.WriteLineAsync(string.Create(CultureInfo.InvariantCulture, $"seed {seed}"));
        var random = new Random(seed);
        var (ledgers, cuts, probed) = (new List<VaultLedger>(), 0, LoopDisk.ProbedUnflushed);
        for (var point = 0; point < points;)
        {
            using var folder = new TempFolder();
            using var disk = point / EachIn % PowerCutOf == PowerCutOf - 1 ? LoopDisk.TryMount(folder.FullName) : null;
            if (disk is not null) probed = Math.Min(probed, await disk.ProbeAsync(cancellation) ?? throw new InvalidOperationException("the disk loses what was flushed: its power cuts would show nothing"));
            var place = disk?.Folder ?? folder.FullName;
            VaultWorker.Create(place);
            var ledger = new VaultLedger();
            ledgers.Add(ledger);
            for (var i = 0; i < EachIn && point < points; i++, point++)
            {
                await RunWorkerAsync(place, random, ledger, disk, cancellation);
                if (disk is not null) cuts++;
                var before = ledger.Told.Count;
                Look(place, ledger);
                foreach (var told in ledger.Told.Skip(before)) await Console.Error.WriteLineAsync($"point {point}: {told}");
            }
        }

        var figures = new Figures();
        figures.Add("points", points);
        figures.Add("power_cuts", cuts);
        if (cuts > 0) figures.Add("probed_unflushed_lost", probed);
        figures.Add("closed", ledgers.Sum(l => l.Closed));
        figures.Add("erased", ledgers.Sum(l => l.ErasedCount));
        figures.Add("lost_segments_closed", ledgers.Sum(l => l.Lost));
        figures.Add("readable_after_erase", ledgers.Sum(l => l.Readable));
        figures.Add("orphans", ledgers.Sum(l => l.Orphans));
        return figures;
    }

    private static async Task RunWorkerAsync(string folder, Random random, VaultLedger ledger, LoopDisk? disk, CancellationToken cancellation)
    {
        var start = new ProcessStartInfo(Environment.ProcessPath!, [VaultWorker.Verb, folder, random.Next().ToString(CultureInfo.InvariantCulture)]) { RedirectStandardOutput = true };
        using var worker = Process.Start(start)!;
        var ready = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var heard = Task.Run(async () =>
        {
            while (await worker.StandardOutput.ReadLineAsync(cancellation) is { } line)
            {
                // What was said in time was done before the end; a line that was cut was not said.
                ledger.Hear(line);
                if (line == "ready") ready.TrySetResult();
            }

            ready.TrySetResult();
        }, cancellation);
        // While it opens the vaults it is killed as well: recovery must stand that.
        if (random.Next(4) != 0) await ready.Task;
        await Task.Delay(random.Next(LongestMilliseconds), cancellation);
        if (worker.HasExited) throw new InvalidOperationException($"the worker ended by itself with {worker.ExitCode}: see above");
        if (disk is null)
        {
            worker.Kill();
            await worker.WaitForExitAsync(cancellation);
            await heard;
        }
        else
        {
            await disk.CutPowerAsync(worker, heard, cancellation);
        }

        ledger.Forget();
    }

    private static void Look(string folder, VaultLedger ledger)
    {
        using var secret = new CredentialSecret(VaultWorker.Credential);
        using var roadside = VaultWorker.Open(folder, VaultWorker.Roadside);
        using var server = VaultWorker.Open(folder, VaultWorker.Server);
        foreach (var vault in new[] { roadside, server })
        {
            vault.Unlock(secret);
            foreach (var problem in vault.Keys.Prove(secret)) ledger.Count(problem);
            if (vault.Erasing > 0) ledger.Count("an erasure that was cut is not ended");
        }

        using var ending = VaultWorker.Open(folder, VaultWorker.Ending);
        if (ending.Keys.State == VaultState.Locked) ending.Unlock(secret);
        else ending.Resume();
        if (ending.Erasing > 0) ledger.Count("an erasure of everything that was cut is not ended");
        ledger.Check(roadside, server);
        ledger.CheckEnding(ending);
    }
}
