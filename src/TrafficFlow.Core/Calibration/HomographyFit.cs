using MathNet.Numerics.LinearAlgebra;
using TrafficFlow.Core.Geometry;

namespace TrafficFlow.Core.Calibration;

/// <summary>A place in the picture and the same place on the ground, metres from a near origin.</summary>
internal readonly record struct PlanePair(PicturePoint Image, GroundPoint Ground);

internal enum HomographyFlaw
{
    None,
    Flat,
    Beyond,
    Mirrored,
}

/// <summary>The map of a picture to the ground that fits pairs of points best.</summary>
internal static class HomographyFit
{
    private const int Unknowns = 8;
    private const int MaxRounds = 40;

    // Of a map of unit norm between normalised points: points on a line give zero, strong perspective a thousandth.
    private const double FlatDeterminant = 1e-7;

    /// <summary>
    /// The direct linear transform on normalised coordinates (Hartley), from four pairs or more. Null with the flaw where the pairs lie on a
    /// line, or where no camera above the ground sees them like this: on both sides of the horizon, or mirrored.
    /// </summary>
    public static (Homography? Map, HomographyFlaw Flaw) Direct(IReadOnlyList<PlanePair> pairs)
    {
        var (picture, ground) = Scales(pairs);
        var rows = Matrix<double>.Build.Dense(2 * pairs.Count, 9);
        for (var i = 0; i < pairs.Count; i++)
        {
            var (x, y) = picture.Apply(pairs[i].Image.X, pairs[i].Image.Y);
            var (u, v) = ground.Apply(pairs[i].Ground.X, pairs[i].Ground.Y);
            rows.SetRow(2 * i, [x, y, 1, 0, 0, 0, -u * x, -u * y, -u]);
            rows.SetRow((2 * i) + 1, [0, 0, 0, x, y, 1, -v * x, -v * y, -v]);
        }

        var svd = rows.Svd();
        if (!(svd.S[Unknowns - 1] > 1e-7 * svd.S[0])) return (null, HomographyFlaw.Flat);
        var h = svd.VT.Row(Unknowns);
        var weights = pairs.Select(p => picture.Apply(p.Image.X, p.Image.Y)).Select(p => (h[6] * p.X) + (h[7] * p.Y) + h[8]).ToList();
        if (weights.Any(w => w <= 0) && weights.Any(w => w >= 0)) return (null, HomographyFlaw.Beyond);
        if (weights[0] < 0) h = -h;
        var normalised = new Homography(h[0], h[1], h[2], h[3], h[4], h[5], h[6], h[7], h[8]);
        if (!(Math.Abs(normalised.Determinant) > FlatDeterminant)) return (null, HomographyFlaw.Flat);
        var map = Restore(h, picture, ground);
        // Seen from above, right and down in the picture turn the other way round than east and north.
        return map.Determinant < 0 ? (map, HomographyFlaw.None) : (null, HomographyFlaw.Mirrored);
    }

    /// <summary>
    /// Least squares on the metres between each point and where its picture lands, weighted by <paramref name="noise"/>
    /// (Levenberg-Marquardt from <paramref name="start"/>).
    /// </summary>
    public static Homography Refine(Homography start, IReadOnlyList<PlanePair> pairs, SurveyNoise noise)
    {
        if (pairs.Count <= 4) return start;
        var (picture, ground) = Scales(pairs);
        var h = Normalise(start, picture, ground);
        var (best, damping) = (Cost(start, pairs, noise), 1e-3);
        for (var round = 0; round < MaxRounds && damping < 1e9; round++)
        {
            var (normal, slope) = Equations(h, pairs, noise, picture, ground);
            var damped = normal + Matrix<double>.Build.DenseOfDiagonalVector(normal.Diagonal() * damping);
            var next = h - damped.Solve(slope);
            var map = Restore(Append(next), picture, ground);
            var cost = pairs.All(p => map.Map(p.Image.X, p.Image.Y) is not null) && map.Determinant < 0 ? Cost(map, pairs, noise) : double.NaN;
            if (!(cost < best))
            {
                damping *= 10;
                continue;
            }

            var gain = best - cost;
            (h, best, damping) = (next, cost, damping / 10);
            if (gain <= 1e-12 * best) break;
        }

        return Restore(Append(h), picture, ground);
    }

    /// <summary>Square of the distance between a point and where its picture lands, in standard deviations.</summary>
    public static double SquaredDeviation(Homography map, PlanePair pair, SurveyNoise noise)
    {
        if (map.Map(pair.Image.X, pair.Image.Y) is not { } p) return double.PositiveInfinity;
        var (rx, ry) = (p.X - pair.Ground.X, p.Y - pair.Ground.Y);
        var (xx, xy, yy) = noise.Covariance(map, pair.Image);
        return ((yy * rx * rx) - (2 * xy * rx * ry) + (xx * ry * ry)) / ((xx * yy) - (xy * xy));
    }

    private static double Cost(Homography map, IReadOnlyList<PlanePair> pairs, SurveyNoise noise) => pairs.Sum(p => SquaredDeviation(map, p, noise));

    private static (Matrix<double> Normal, Vector<double> Slope) Equations(
        Vector<double> h, IReadOnlyList<PlanePair> pairs, SurveyNoise noise, Scale picture, Scale ground)
    {
        var map = Restore(Append(h), picture, ground);
        var (normal, slope) = (new double[Unknowns * Unknowns], new double[Unknowns]);
        Span<double> du = stackalloc double[Unknowns];
        Span<double> dv = stackalloc double[Unknowns];
        foreach (var pair in pairs)
        {
            var (x, y) = picture.Apply(pair.Image.X, pair.Image.Y);
            var (u, v) = ground.Apply(pair.Ground.X, pair.Ground.Y);
            var w = (h[6] * x) + (h[7] * y) + 1;
            var (mu, mv) = (((h[0] * x) + (h[1] * y) + h[2]) / w, ((h[3] * x) + (h[4] * y) + h[5]) / w);
            (du[0], du[1], du[2], du[6], du[7]) = (x / w, y / w, 1 / w, -mu * x / w, -mu * y / w);
            (dv[3], dv[4], dv[5], dv[6], dv[7]) = (x / w, y / w, 1 / w, -mv * x / w, -mv * y / w);
            var (xx, xy, yy) = noise.Covariance(map, pair.Image);
            var determinant = (xx * yy) - (xy * xy);
            var (wxx, wxy, wyy) = (yy / determinant, -xy / determinant, xx / determinant);
            var (ru, rv) = (mu - u, mv - v);
            var (su, sv) = ((wxx * ru) + (wxy * rv), (wxy * ru) + (wyy * rv));
            for (var i = 0; i < Unknowns; i++)
            {
                slope[i] += (du[i] * su) + (dv[i] * sv);
                for (var j = 0; j < Unknowns; j++)
                    normal[(j * Unknowns) + i] += (du[i] * du[j] * wxx) + (((du[i] * dv[j]) + (dv[i] * du[j])) * wxy) + (dv[i] * dv[j] * wyy);
            }
        }

        return (Matrix<double>.Build.Dense(Unknowns, Unknowns, normal), Vector<double>.Build.Dense(slope));
    }

    private static (Scale Picture, Scale Ground) Scales(IReadOnlyList<PlanePair> pairs) =>
        (Scale.Of([.. pairs.Select(p => (p.Image.X, p.Image.Y))]), Scale.Of([.. pairs.Select(p => (p.Ground.X, p.Ground.Y))]));

    // The middle of the points lies in front of the camera like the points themselves, so its weight may be fixed at one.
    private static Vector<double> Append(Vector<double> h) => Vector<double>.Build.DenseOfEnumerable(h.Append(1));

    private static Homography Restore(Vector<double> h, Scale picture, Scale ground)
    {
        // ground^-1 * h * picture
        var m = new Homography(h[0], h[1], h[2], h[3], h[4], h[5], h[6], h[7], h[8]).After(picture.ToHomography());
        return ground.ToHomography().Inverse().After(m);
    }

    private static Vector<double> Normalise(Homography map, Scale picture, Scale ground)
    {
        var m = ground.ToHomography().After(map).After(picture.ToHomography().Inverse());
        return Vector<double>.Build.DenseOfArray([m.A / m.I, m.B / m.I, m.C / m.I, m.D / m.I, m.E / m.I, m.F / m.I, m.G / m.I, m.H / m.I]);
    }

    /// <summary>Moves the middle of points to the origin and their mean distance from it to the square root of two.</summary>
    private readonly record struct Scale(double X, double Y, double Factor)
    {
        public static Scale Of(IReadOnlyList<(double X, double Y)> points)
        {
            var (x, y) = (points.Average(p => p.X), points.Average(p => p.Y));
            var distance = points.Average(p => Math.Sqrt(((p.X - x) * (p.X - x)) + ((p.Y - y) * (p.Y - y))));
            return new Scale(x, y, distance > 0 ? Math.Sqrt(2) / distance : 1);
        }

        public (double X, double Y) Apply(double x, double y) => ((x - X) * Factor, (y - Y) * Factor);

        public Homography ToHomography() => new(Factor, 0, -X * Factor, 0, Factor, -Y * Factor, 0, 0, 1);
    }
}
