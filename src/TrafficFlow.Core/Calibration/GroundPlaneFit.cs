using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using TrafficFlow.Core.Geometry;

namespace TrafficFlow.Core.Calibration;

/// <summary>
/// The ground plane from surveyed points: a normalised direct linear transform, refined on metres; from six points on, points that
/// contradict the others are found (RANSAC) and left out. Pure and repeatable: the same points give the same plane.
/// </summary>
public static class GroundPlaneFit
{
    public const int MinPoints = 4;

    // Part of every calibration's version: raise it when the same points give another plane.
    private const string Method = "dlt1";

    private const int FewestToDoubt = 6;

    // A lens is one more number to fit: it must make points that it did not see clearly nearer.
    private const double LensGain = 0.9;
    private const int MaxSamples = 600;

    // 99 % of honest points lie within: the quantile of chi square with two degrees of freedom.
    private const double SquaredLimit = 9.21;

    // A survey by map or aerial picture is coarser than one by tape; mistakes are what stands out even so.
    private static readonly double[] s_coarseness = [1, 2, 4];

    /// <param name="aspect">Width of the picture divided by its height.</param>
    /// <param name="lens">The lens, where it is known; null estimates one from eight points on, and keeps it if points that a fit did not see then come out nearer.</param>
    /// <param name="statedError">Error of the points in metres, where it is known better than they tell themselves; null takes what they tell.</param>
    /// <exception cref="CalibrationException">The points give no plane, or no camera above the ground sees them like this.</exception>
    public static GroundFit Fit(IReadOnlyList<GroundReference> points, double aspect, LensDistortion? lens = null, double? statedError = null)
    {
        if (points.Count < MinPoints) throw new CalibrationException($"are {points.Count}", $"survey at least {MinPoints}, no three of them in line");
        var origin = new GroundPoint(Math.Round(points.Average(p => p.EastMetres)), Math.Round(points.Average(p => p.NorthMetres)));
        PlanePair[] seen = [.. points.Select(p => new PlanePair(p.Image, new GroundPoint(p.EastMetres - origin.X, p.NorthMetres - origin.Y)))];
        var known = lens is { K1: 0, K2: 0 } ? null : lens;
        var best = Check(seen, Robust(Corrected(seen, known), aspect), known);
        if (lens is null && LensFit.Estimate(seen, best.Used, best.Noise, aspect) is { } estimate)
        {
            var bent = Check(seen, Robust(Corrected(seen, estimate), aspect), estimate, estimatesLens: true);
            if (bent.Used.Count(u => u) >= best.Used.Count(u => u) && bent.HeldOut < LensGain * best.HeldOut) best = bent;
        }

        var pairs = Corrected(seen, best.Lens);
        var plane = new GroundPlane(
            best.Map, statedError ?? best.HeldOut ?? Expected(best.Map, pairs, best.Noise), Version(points, aspect, best.Lens, statedError), origin,
            statedError is not null || best.HeldOut is null, best.Lens);
        return new GroundFit(
            plane, [.. points.Select((p, i) => new FittedPoint(p, Distance(best.Map, pairs[i]), best.EachHeldOut[i], !best.Used[i]))], best.HeldOut);
    }

    private sealed record Checked(Homography Map, bool[] Used, SurveyNoise Noise, LensDistortion? Lens, double?[] EachHeldOut, double? HeldOut);

    private static PlanePair[] Corrected(PlanePair[] seen, LensDistortion? lens) =>
        lens is null ? seen : [.. seen.Select(p => p with { Image = lens.Correct(p.Image) })];

    private static Checked Check(PlanePair[] seen, (Homography Map, bool[] Used, SurveyNoise Noise) fit, LensDistortion? lens, bool estimatesLens = false)
    {
        double?[] each = [.. seen.Select((_, i) => fit.Used[i] ? HeldOut(seen, fit.Used, i, fit.Noise, lens, estimatesLens) : null)];
        var told = each.OfType<double>().ToList();
        return new Checked(fit.Map, fit.Used, fit.Noise, lens, each, told.Count > 0 ? Math.Sqrt(told.Average(e => e * e)) : null);
    }

    private static (Homography Map, bool[] Used, SurveyNoise Noise) Robust(PlanePair[] pairs, double aspect) => pairs.Length < FewestToDoubt
        ? (Solve(pairs, SurveyNoise.Careful(aspect)), [.. pairs.Select(_ => true)], SurveyNoise.Careful(aspect))
        : SolveDoubting(pairs, aspect);

    /// <summary>Two sets of points with the same digits have the same version, wherever they are written.</summary>
    private static string Version(IEnumerable<GroundReference> points, double aspect, LensDistortion? lens, double? error)
    {
        var text = string.Create(CultureInfo.InvariantCulture, $"{aspect:0.####};{lens?.K1:R},{lens?.K2:R},{error:R}") + string.Concat(points.Select(p =>
            string.Create(CultureInfo.InvariantCulture, $";{p.Image.X:R},{p.Image.Y:R},{p.EastMetres:R},{p.NorthMetres:R}")));
        return $"{Method}-{Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text)))[..8]}";
    }

    private static Homography Solve(IReadOnlyList<PlanePair> pairs, SurveyNoise noise) =>
        HomographyFit.Direct(pairs) is var (map, flaw) && map is not null ? HomographyFit.Refine(map, pairs, noise) : throw Explain(flaw);

    private static (Homography Map, bool[] Used, SurveyNoise Noise) SolveDoubting(PlanePair[] pairs, double aspect)
    {
        var (all, flaw) = HomographyFit.Direct(pairs);
        List<Homography> maps = [.. Samples(pairs.Length).Select(sample => HomographyFit.Direct([.. sample.Select(i => pairs[i])]).Map).OfType<Homography>()];
        foreach (var coarseness in s_coarseness)
        {
            var noise = SurveyNoise.Careful(aspect).Times(coarseness);
            var best = all;
            foreach (var map in maps)
            {
                if (best is null || Doubt(map) < Doubt(best)) best = map;
            }

            if (best is null) continue;
            var used = new bool[pairs.Length];
            for (var round = 0; round < 5; round++)
            {
                bool[] agree = [.. pairs.Select(p => HomographyFit.SquaredDeviation(best, p, noise) < SquaredLimit)];
                if (agree.SequenceEqual(used) || agree.Count(a => a) < MinPoints) break;
                used = agree;
                PlanePair[] chosen = [.. pairs.Where((_, i) => agree[i])];
                best = HomographyFit.Refine(HomographyFit.Direct(chosen).Map ?? best, chosen, noise);
            }

            if (3 * used.Count(u => u) >= 2 * pairs.Length) return (best, used, noise);

            double Doubt(Homography map) => pairs.Sum(p => Math.Min(HomographyFit.SquaredDeviation(map, p, noise), SquaredLimit));
        }

        throw flaw is HomographyFlaw.None or HomographyFlaw.Beyond
            ? new CalibrationException("contradict each other: no plane fits two thirds of them", "check the order of the points, and that east and north are not swapped") { Flaw = CalibrationFlaw.Contradicting }
            : Explain(flaw);
    }

    private static CalibrationException Explain(HomographyFlaw flaw) => flaw switch
    {
        HomographyFlaw.Flat => new CalibrationException("lie on a line, in the picture or on the ground", "survey four points of which no three are in line") { Flaw = CalibrationFlaw.OnLine },
        HomographyFlaw.Beyond => new CalibrationException("cannot be seen like this: some would lie beyond the horizon", "check whether two of them are exchanged") { Flaw = CalibrationFlaw.BeyondHorizon },
        _ => new CalibrationException(
            "are mirrored, as if seen from below the road", "write metres = [east, north]: east and north may be swapped, or one of them may have the wrong sign")
        { Flaw = CalibrationFlaw.Mirrored },
    };

    /// <summary>All quadruples where they are few, else as many at random: always the same ones.</summary>
    private static IEnumerable<int[]> Samples(int count)
    {
        if (count * (count - 1) * (count - 2) * (count - 3) / 24 <= MaxSamples)
        {
            for (var a = 0; a < count; a++)
            {
                for (var b = a + 1; b < count; b++)
                {
                    for (var c = b + 1; c < count; c++)
                    {
                        for (var d = c + 1; d < count; d++) yield return [a, b, c, d];
                    }
                }
            }

            yield break;
        }

        var random = new Random(1);
        var indices = Enumerable.Range(0, count).ToArray();
        for (var i = 0; i < MaxSamples; i++)
        {
            random.Shuffle(indices);
            yield return indices[..4];
        }
    }

    private static double? HeldOut(PlanePair[] seen, bool[] used, int left, SurveyNoise noise, LensDistortion? lens, bool estimatesLens)
    {
        bool[] others = [.. used.Select((u, i) => u && i != left)];
        if (others.Count(o => o) < MinPoints) return null;
        // A lens that was estimated with the point has seen it.
        var own = estimatesLens ? LensFit.Estimate(seen, others, noise, noise.Aspect) : lens;
        var pairs = Corrected(seen, own);
        PlanePair[] chosen = [.. pairs.Where((_, i) => others[i])];
        if (HomographyFit.Direct(chosen).Map is not { } map) return null;
        var distance = Distance(HomographyFit.Refine(map, chosen, noise), pairs[left]);
        return double.IsFinite(distance) ? distance : null;
    }

    /// <summary>What a careful survey leaves at the points themselves; used where no point is left to check with.</summary>
    private static double Expected(Homography map, PlanePair[] pairs, SurveyNoise noise) =>
        Math.Sqrt(pairs.Average(p => noise.Covariance(map, p.Image) is var c ? c.Xx + c.Yy : 0));

    private static double Distance(Homography map, PlanePair pair) =>
        map.Map(pair.Image.X, pair.Image.Y) is { } p ? new GroundPoint(p.X, p.Y).DistanceTo(pair.Ground) : double.PositiveInfinity;
}
