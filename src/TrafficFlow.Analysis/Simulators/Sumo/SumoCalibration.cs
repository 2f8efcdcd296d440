using System.Collections.Immutable;
using TrafficFlow.Core.Sites;

namespace TrafficFlow.Analysis.Simulators.Sumo;

/// <summary>Measured against simulated delay of one approach.</summary>
/// <param name="SimulatedSeconds">Mean over the seeds; null where nothing got so far.</param>
public sealed record CalibratedApproach(ApproachId Approach, double MeasuredSeconds, double? SimulatedSeconds, int Vehicles)
{
    public double? ErrorSeconds => SimulatedSeconds - MeasuredSeconds;
}

/// <summary>How well the simulation tells what was measured, with the drivers that fit best: on seeds that were not used to find them.</summary>
/// <param name="RmsErrorSeconds">Over the approaches, weighted by their vehicles.</param>
/// <param name="MeanErrorShare">Mean of the approaches' absolute errors as shares of what was measured, weighted by their vehicles.</param>
/// <param name="IsAtLimit">No headway in the range of real drivers fits: something else than the drivers is not as the model has it (lanes, lengths, the plan).</param>
public sealed record CalibrationResult(DriverModel Drivers, ImmutableArray<CalibratedApproach> Approaches, double RmsErrorSeconds, double MeanErrorShare, bool IsAtLimit);

/// <summary>
/// Looks for the headway (Krauss' tau) with which simulated delays come nearest to the measured ones: it decides what a green discharges, which is what delay of a signalled
/// approach hangs on. One figure for all approaches, so that four measured delays do not get four knobs. The seeds are the same for each try.
/// </summary>
public sealed class SumoCalibration(SumoBatch batch)
{
    // From drivers that push (2,300 vehicles per hour of green and lane) to those that sleep (1,000).
    public const double ShortestHeadway = 0.7;
    public const double LongestHeadway = 2.6;

    private const double GoldenRatio = 0.6180339887498949;
    private const int Tries = 9;

    // Far from seeds that anybody gives.
    private const int HeldOut = 1_000_003;

    /// <param name="run">With the drivers to begin with; its seed is not used.</param>
    /// <param name="fromSeconds">Vehicles that want to arrive earlier are warm-up.</param>
    /// <exception cref="SimulatorException">Nothing was measured, or a run failed.</exception>
    public async Task<CalibrationResult> FitAsync(SimulatorRun run, IReadOnlyList<MeasuredDelay> measured, IReadOnlyList<int> seeds, double fromSeconds, CancellationToken cancellation)
    {
        var useful = measured.Where(m => m.Vehicles > 0 && double.IsFinite(m.DelaySeconds)).ToList();
        if (useful.Count == 0 || seeds.Count == 0) throw new SimulatorException("no delay was measured, so there is nothing to calibrate the simulation to");

        var tried = new List<CalibrationResult>();
        // Golden section: delay grows with the headway, so the error has one valley.
        var (low, high) = (ShortestHeadway, LongestHeadway);
        var (a, b) = (high - (GoldenRatio * (high - low)), low + (GoldenRatio * (high - low)));
        var (ofA, ofB) = (await TryAsync(a).ConfigureAwait(false), await TryAsync(b).ConfigureAwait(false));
        for (var i = 0; i < Tries; i++)
        {
            if (ofA <= ofB)
            {
                (high, b, ofB) = (b, a, ofA);
                a = high - (GoldenRatio * (high - low));
                ofA = await TryAsync(a).ConfigureAwait(false);
            }
            else
            {
                (low, a, ofA) = (a, b, ofB);
                b = low + (GoldenRatio * (high - low));
                ofB = await TryAsync(b).ConfigureAwait(false);
            }
        }

        var best = tried.MinBy(t => t.RmsErrorSeconds)!;
        return Compare(best.Drivers, await RunAsync(best.Drivers, [.. seeds.Select(s => unchecked(s + HeldOut))]).ConfigureAwait(false), useful, fromSeconds);

        Task<ImmutableArray<ImmutableArray<SimulatedJourney>>> RunAsync(DriverModel drivers, IReadOnlyList<int> some) => batch.RunAsync([.. some.Select(seed => run with { Drivers = drivers, Seed = seed })], null, cancellation);

        async Task<double> TryAsync(double headway)
        {
            var drivers = run.Drivers with { HeadwaySeconds = headway };
            var result = Compare(drivers, await RunAsync(drivers, seeds).ConfigureAwait(false), useful, fromSeconds);
            tried.Add(result);
            return result.RmsErrorSeconds;
        }
    }

    internal static CalibrationResult Compare(DriverModel drivers, IReadOnlyList<ImmutableArray<SimulatedJourney>> runs, IReadOnlyList<MeasuredDelay> measured, double fromSeconds)
    {
        ImmutableArray<CalibratedApproach> approaches =
        [
            .. measured.Select(m => new CalibratedApproach(
                m.Approach,
                m.DelaySeconds,
                runs.SelectMany(r => r).Where(j => j.Turn.Approach == m.Approach && j.WantsToArriveAt >= fromSeconds).Select(j => j.SeenDelaySeconds).Average(),
                m.Vehicles)),
        ];
        double vehicles = measured.Sum(m => m.Vehicles);
        // An approach that nobody gets through is as wrong as a delay can be.
        double Error(CalibratedApproach approach) => approach.ErrorSeconds ?? 3600;
        var rms = Math.Sqrt(approaches.Sum(a => a.Vehicles * Error(a) * Error(a)) / vehicles);
        var share = approaches.Sum(a => a.Vehicles * Math.Abs(Error(a)) / Math.Max(a.MeasuredSeconds, 1)) / vehicles;
        var isAtLimit = drivers.HeadwaySeconds < ShortestHeadway + 0.05 || drivers.HeadwaySeconds > LongestHeadway - 0.05;
        return new CalibrationResult(drivers, approaches, rms, share, isAtLimit);
    }
}
