using MathNet.Numerics.Distributions;

namespace TrafficFlow.Analysis.Signals;

/// <summary>
/// How strongly crossings repeat with a cycle: for each stream and each of some harmonics the power |Σ exp(2πi k t / C)|² / N (Rayleigh's statistic, less
/// what the gaps of the coverage put there), 1 on the mean for random arrivals, summed up. All harmonics count alike, so the cycle itself beats its
/// half, which lacks the first, and its double, which has no more.
/// </summary>
internal sealed class CycleSpectrum(WatchedCrossings crossings, InferenceSettings settings)
{
    public const int Harmonics = 4;

    /// <summary>Fewer crossings of a stream tell nothing.</summary>
    private const int FewestCrossings = 8;

    private const double ByChance = 1e-9;

    /// <summary>By how much each stream's crossings come in bunches: as many as come together tell as much as one.</summary>
    private readonly double[] _dispersion = Dispersion.Of(crossings);

    public int Streams => crossings.Times.Length;

    /// <summary>Standard deviation of the summed power without any cycle.</summary>
    public double Noise => Math.Sqrt(Streams * Harmonics);

    /// <summary>
    /// Power above this is no chance, by any of the thousands of cycles and hundreds of stretches tried: without a cycle each part is exponential, their sum a Gamma variable, whose tail for
    /// few streams is far heavier than a normal one's.
    /// </summary>
    public double Significant { get; } = Gamma.InvCDF(crossings.Times.Length * Harmonics, 1, 1 - ByChance) - (crossings.Times.Length * Harmonics);

    /// <summary>The best cycle of each stretch of whole blocks, for all lengths from <paramref name="shortest"/> to <paramref name="longest"/> blocks.</summary>
    public StretchPower[,] OfStretches(double blockSeconds, int shortest, int longest, IProgress<double>? progress, CancellationToken cancellation)
    {
        var blocks = (int)Math.Ceiling(crossings.Seconds / blockSeconds);
        var best = new StretchPower[blocks, longest + 1];
        var parts = Streams * Harmonics;
        var counts = Prefix(crossings.Times.Select(times => times.Select(t => (int)(t / blockSeconds))), blocks);
        var watched = new double[blocks + 1];
        for (var b = 0; b < blocks; b++) watched[b + 1] = watched[b] + crossings.Watched(b * blockSeconds, (b + 1) * blockSeconds);
        var (re, im) = (new double[(blocks + 1) * parts], new double[(blocks + 1) * parts]);
        var (gapRe, gapIm) = (new double[(blocks + 1) * Harmonics], new double[(blocks + 1) * Harmonics]);
        var step = 1 / (10 * Math.Min(crossings.Seconds, longest * blockSeconds));
        var (lowest, highest) = (1 / settings.LongestCycleSeconds, 1 / settings.ShortestCycleSeconds);
        for (var frequency = lowest; frequency <= highest; frequency += step)
        {
            cancellation.ThrowIfCancellationRequested();
            progress?.Report((frequency - lowest) / (highest - lowest));
            Sum(frequency, blockSeconds, blocks, re, im, gapRe, gapIm);
            for (var from = 0; from < blocks; from++)
            {
                for (var length = shortest; length <= longest && from + length <= blocks; length++)
                {
                    // A few cycles are needed before a frequency means anything.
                    if (length * blockSeconds * frequency < 4) continue;
                    var power = Power(from, from + length);
                    if (power > best[from, length].Power) best[from, length] = new StretchPower(power, frequency);
                }
            }
        }

        return best;

        double Power(int from, int to)
        {
            var (sum, seconds) = (0.0, watched[to] - watched[from]);
            if (seconds <= 0) return 0;
            for (var s = 0; s < Streams; s++)
            {
                var count = counts[s][to] - counts[s][from];
                if (count < FewestCrossings) continue;
                for (var k = 0; k < Harmonics; k++)
                {
                    var (a, b) = ((from * parts) + (s * Harmonics) + k, (to * parts) + (s * Harmonics) + k);
                    var (ga, gb, rate) = ((from * Harmonics) + k, (to * Harmonics) + k, count / seconds);
                    var (x, y) = (re[b] - re[a] - (rate * (gapRe[gb] - gapRe[ga])), im[b] - im[a] - (rate * (gapIm[gb] - gapIm[ga])));
                    sum += (((x * x) + (y * y)) / (count * _dispersion[s])) - 1;
                }
            }

            return sum;
        }
    }

    /// <summary>The cycle of most power near another, within one stretch.</summary>
    public double Refine(double from, double to, double cycle)
    {
        var (best, most) = (cycle, double.NegativeInfinity);
        var step = 1 / (40 * (to - from));
        for (var i = -12; i <= 12; i++)
        {
            var frequency = (1 / cycle) + (i * step);
            if (frequency <= 0) continue;
            var power = PowerOf(from, to, frequency).Sum();
            if (power > most) (best, most) = (1 / frequency, power);
        }

        return best;
    }

    /// <summary>Power of each harmonic of a frequency over all streams, within one stretch; each 0 on the mean without a cycle.</summary>
    public double[] PowerOf(double from, double to, double frequency)
    {
        var power = new double[Harmonics];
        var seconds = crossings.Watched(from, to);
        for (var k = 1; k <= Harmonics; k++)
        {
            var (gapRe, gapIm) = crossings.Transform(from, to, k * frequency);
            for (var s = 0; s < crossings.Times.Length; s++)
            {
                var (re, im, count) = (0.0, 0.0, 0);
                foreach (var t in crossings.Times[s])
                {
                    if (t < from || t >= to) continue;
                    var (sin, cos) = Math.SinCos(2 * Math.PI * k * frequency * t);
                    (re, im, count) = (re + cos, im + sin, count + 1);
                }

                if (count < FewestCrossings || seconds <= 0) continue;
                var (x, y) = (re - (count / seconds * gapRe), im - (count / seconds * gapIm));
                power[k - 1] += (((x * x) + (y * y)) / (count * _dispersion[s])) - 1;
            }
        }

        return power;
    }

    /// <summary>Sums up to each block of all streams and harmonics, and of what was watched.</summary>
    private void Sum(double frequency, double blockSeconds, int blocks, double[] re, double[] im, double[] gapRe, double[] gapIm)
    {
        var parts = Streams * Harmonics;
        Array.Clear(re);
        Array.Clear(im);
        for (var s = 0; s < Streams; s++)
        {
            foreach (var t in crossings.Times[s])
            {
                var at = (((int)(t / blockSeconds) + 1) * parts) + (s * Harmonics);
                var (sin, cos) = Math.SinCos(2 * Math.PI * frequency * t);
                var (x, y) = (1.0, 0.0);
                for (var k = 0; k < Harmonics; k++)
                {
                    (x, y) = ((x * cos) - (y * sin), (x * sin) + (y * cos));
                    re[at + k] += x;
                    im[at + k] += y;
                }
            }
        }

        for (var i = parts; i < re.Length; i++) (re[i], im[i]) = (re[i] + re[i - parts], im[i] + im[i - parts]);
        for (var b = 0; b < blocks; b++)
        {
            for (var k = 0; k < Harmonics; k++)
            {
                var (x, y) = crossings.Transform(b * blockSeconds, (b + 1) * blockSeconds, (k + 1) * frequency);
                var at = ((b + 1) * Harmonics) + k;
                (gapRe[at], gapIm[at]) = (gapRe[at - Harmonics] + x, gapIm[at - Harmonics] + y);
            }
        }
    }

    private static int[][] Prefix(IEnumerable<IEnumerable<int>> blocksOfStreams, int blocks) =>
    [
        .. blocksOfStreams.Select(of =>
        {
            var sums = new int[blocks + 1];
            foreach (var block in of) sums[Math.Min(block, blocks - 1) + 1]++;
            for (var b = 0; b < blocks; b++) sums[b + 1] += sums[b];
            return sums;
        }),
    ];
}

/// <param name="Power">0 on the mean without a cycle.</param>
/// <param name="Frequency">Cycles per second.</param>
internal readonly record struct StretchPower(double Power, double Frequency);
