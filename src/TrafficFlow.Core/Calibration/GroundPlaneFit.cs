using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using TrafficFlow.Core.Geometry;
using TrafficFlow.Core.Sites;

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
    private const int MaxSamples = 600;

    // 99 % of honest points lie within: the quantile of chi square with two degrees of freedom.
    private const double SquaredLimit = 9.21;

    // A survey by map or aerial picture is coarser than one by tape; mistakes are what stands out even so.
    private static readonly double[] s_coarseness = [1, 2, 4];

    /// <param name="aspect">Width of the picture divided by its height.</param>
    /// <exception cref="CalibrationException">The points give no plane, or no camera above the ground sees them like this.</exception>
    public static GroundFit Fit(IReadOnlyList<GroundReference> points, double aspect)
    {
        if (points.Count < MinPoints) throw new CalibrationException($"are {points.Count}", $"survey at least {MinPoints}, no three of them in line");
        var origin = new GroundPoint(Math.Round(points.Average(p => p.EastMetres)), Math.Round(points.Average(p => p.NorthMetres)));
        PlanePair[] pairs = [.. points.Select(p => new PlanePair(p.Image, new GroundPoint(p.EastMetres - origin.X, p.NorthMetres - origin.Y)))];
        var (map, used, noise) = points.Count < FewestToDoubt
            ? (Solve(pairs, SurveyNoise.Careful(aspect)), [.. pairs.Select(_ => true)], SurveyNoise.Careful(aspect))
            : SolveDoubting(pairs, aspect);
        var heldOut = pairs.Select((_, i) => used[i] ? HeldOut(pairs, used, i, noise) : null).ToList();
        var known = heldOut.OfType<double>().ToList();
        double? error = known.Count > 0 ? Math.Sqrt(known.Average(e => e * e)) : null;
        var plane = new GroundPlane(map, error ?? Expected(map, pairs, noise), Version(points, aspect), origin, error is null);
        return new GroundFit(plane, [.. points.Select((p, i) => new FittedPoint(p, Distance(map, pairs[i]), heldOut[i], !used[i]))], error);
    }

    /// <summary>Two sets of points with the same digits have the same version, wherever they are written.</summary>
    private static string Version(IEnumerable<GroundReference> points, double aspect)
    {
        var text = string.Create(CultureInfo.InvariantCulture, $"{aspect:0.####}") + string.Concat(points.Select(p =>
            string.Create(CultureInfo.InvariantCulture, $";{p.Image.X:R},{p.Image.Y:R},{p.EastMetres:R},{p.NorthMetres:R}")));
        return $"{Method}-{Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text)))[..8]}";
    }

    private static Homography Solve(IReadOnlyList<PlanePair> pairs, SurveyNoise noise) =>
        HomographyFit.Direct(pairs) is var (map, flaw) && map is not null ? HomographyFit.Refine(map, pairs, noise) : throw Explain(flaw);

    private static (Homography Map, bool[] Used, SurveyNoise Noise) SolveDoubting(PlanePair[] pairs, double aspect)
    {
        HomographyFlaw flaw = default;
        foreach (var coarseness in s_coarseness)
        {
            var noise = SurveyNoise.Careful(aspect).Times(coarseness);
            var all = HomographyFit.Direct(pairs);
            flaw = all.Flaw;
            var best = all.Map;
            foreach (var sample in Samples(pairs.Length))
            {
                if (HomographyFit.Direct([.. sample.Select(i => pairs[i])]).Map is { } map && (best is null || Doubt(map) < Doubt(best))) best = map;
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
            ? new CalibrationException("contradict each other: no plane fits two thirds of them", "check the order of the points, and that east and north are not swapped")
            : Explain(flaw);
    }

    private static CalibrationException Explain(HomographyFlaw flaw) => flaw switch
    {
        HomographyFlaw.Flat => new CalibrationException("lie on a line, in the picture or on the ground", "survey four points of which no three are in line"),
        HomographyFlaw.Beyond => new CalibrationException("cannot be seen like this: some would lie beyond the horizon", "check whether two of them are exchanged"),
        _ => new CalibrationException(
            "are mirrored, as if seen from below the road", "write metres = [east, north]: east and north may be swapped, or one of them may have the wrong sign"),
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

    private static double? HeldOut(PlanePair[] pairs, bool[] used, int left, SurveyNoise noise)
    {
        PlanePair[] others = [.. pairs.Where((_, i) => used[i] && i != left)];
        if (others.Length < MinPoints || HomographyFit.Direct(others).Map is not { } map) return null;
        var distance = Distance(HomographyFit.Refine(map, others, noise), pairs[left]);
        return double.IsFinite(distance) ? distance : null;
    }

    /// <summary>What a careful survey leaves at the points themselves; used where no point is left to check with.</summary>
    private static double Expected(Homography map, PlanePair[] pairs, SurveyNoise noise) =>
        Math.Sqrt(pairs.Average(p => noise.Covariance(map, p.Image) is var c ? c.Xx + c.Yy : 0));

    private static double Distance(Homography map, PlanePair pair) =>
        map.Map(pair.Image.X, pair.Image.Y) is { } p ? new GroundPoint(p.X, p.Y).DistanceTo(pair.Ground) : double.PositiveInfinity;
}
