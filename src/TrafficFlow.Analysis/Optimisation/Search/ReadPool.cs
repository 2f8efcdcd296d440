namespace TrafficFlow.Analysis.Optimisation.Search;

/// <summary>One thread's searcher, with its own memory, which makes one read after the other.</summary>
internal interface IReader
{
    /// <summary>Searches until it is done, reaches the target, or must stop. Leaves at least a random sample behind.</summary>
    void Read(int read, ref Xoshiro256 random, ReadControl control);

    /// <summary>Of the last read.</summary>
    SearchState Best { get; }

    /// <summary>Of all reads.</summary>
    long Sweeps { get; }
}

/// <summary>Says when a read must stop, and whether it has reached the target.</summary>
internal sealed class ReadControl(SolverSettings settings, TimeProvider time, long began, CancellationToken cancellation)
{
    /// <summary>A time limit beyond is none, and would not fit a time stamp.</summary>
    private static readonly TimeSpan Never = TimeSpan.FromDays(1000);

    private readonly double _target = settings.TargetEnergy is { } target ? target + 1e-9 * (1 + Math.Abs(target)) : double.NegativeInfinity;
    private readonly long _deadline = settings.TimeLimit is { } limit && limit < Never ? began + (long)(limit.TotalSeconds * time.TimestampFrequency) : long.MaxValue;
    private int _firstAtTarget = int.MaxValue;

    public bool IsCancelled => cancellation.IsCancellationRequested;

    public bool IsLate => _deadline != long.MaxValue && time.GetTimestamp() >= _deadline;

    public bool IsTargetReached => Volatile.Read(ref _firstAtTarget) != int.MaxValue;

    /// <summary>Reads after the first at the target need not be finished, those before it must: otherwise threads would decide which is the first.</summary>
    public bool MustStop(int read) => IsCancelled || read > Volatile.Read(ref _firstAtTarget) || IsLate;

    public bool IsAtTarget(double energy) => energy <= _target;

    public void Reached(int read)
    {
        for (var known = Volatile.Read(ref _firstAtTarget); read < known;)
        {
            var seen = Interlocked.CompareExchange(ref _firstAtTarget, read, known);
            if (seen == known) return;
            known = seen;
        }
    }
}

/// <summary>Shares reads out to threads. The answer is that of the first read at the target, else the best, and of equals the first: the same for any number of threads.</summary>
internal sealed class ReadPool(string name, BinaryQuadraticModel model, SolverSettings settings, TimeProvider time, IProgress<SolverProgress>? progress)
{
    private static readonly TimeSpan BetweenReports = TimeSpan.FromMilliseconds(100);

    private const int MostEnergies = 100_000;

    private readonly Lock _lock = new();
    private readonly List<(int Read, double Energy)> _energies = [];
    private readonly long _began = time.GetTimestamp();
    private sbyte[]? _best;
    private double _bestEnergy = double.PositiveInfinity;
    private int _bestRead;
    private bool _isBestAtTarget;
    private int _nextRead = -1;
    private int _done;
    private long _sweeps;
    private TimeSpan _reported;

    public async Task<SolverResult> RunAsync(SearchModel search, Func<IReader> reader, CancellationToken cancellation)
    {
        var control = new ReadControl(settings, time, _began, cancellation);
        var threads = Math.Min(settings.Threads, settings.Reads);
        await Task.WhenAll(Enumerable.Range(0, threads).Select(_ => Task.Factory.StartNew(
            () => Work(reader(), control), CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default))).ConfigureAwait(false);
        cancellation.ThrowIfCancellationRequested();
        // A target that comes too late is not that of the first read: then the time decided.
        var stop = _isBestAtTarget ? StopReason.TargetReached : control.IsLate && _done < settings.Reads ? StopReason.TimeLimit : StopReason.Completed;
        var bound = Math.Max(settings.LowerBound ?? double.NegativeInfinity, LowerBounds.Elementary(model));
        return SolverResult.Of(name, model, search.ToSample(_best), bound, stop, time.GetElapsedTime(_began), Math.Min(_nextRead + 1, settings.Reads), _sweeps) with
        {
            ReadEnergies = [.. _energies.OrderBy(e => e.Read).Select(e => e.Energy)],
        };
    }

    private void Work(IReader reader, ReadControl control)
    {
        for (int read; (read = Interlocked.Increment(ref _nextRead)) < settings.Reads;)
        {
            // The very first read leaves a sample behind even where no time is left.
            if (read > 0 && control.MustStop(read)) break;
            var random = new Xoshiro256(settings.Seed, (ulong)read);
            reader.Read(read, ref random, control);
            var energy = reader.Best.Energy;
            var isAtTarget = control.IsAtTarget(energy);
            if (isAtTarget) control.Reached(read);
            lock (_lock)
            {
                Keep(reader.Best, energy, read, isAtTarget);
                if (read < MostEnergies) _energies.Add((read, energy));
                _done++;
                Report();
            }
        }

        lock (_lock) _sweeps += reader.Sweeps;
    }

    private void Keep(SearchState state, double energy, int read, bool isAtTarget)
    {
        var isBetter = isAtTarget != _isBestAtTarget ? isAtTarget
            : isAtTarget ? read < _bestRead
            : energy < _bestEnergy || (energy == _bestEnergy && read < _bestRead);
        if (_best is not null && !isBetter) return;
        (_best, _bestEnergy, _bestRead, _isBestAtTarget) = (state.Bits.ToArray(), energy, read, isAtTarget);
    }

    private void Report()
    {
        if (progress is null || time.GetElapsedTime(_began) is var elapsed && elapsed < _reported + BetweenReports && _done < settings.Reads) return;
        _reported = time.GetElapsedTime(_began);
        progress.Report(new SolverProgress(name, _done, settings.Reads, _bestEnergy, _reported));
    }
}
