using TrafficFlow.Core.Calibration;
using TrafficFlow.Simulation;

namespace TrafficFlow.Synthetic.Views;

/// <summary>Places at which a city might hang a camera: on a mast over the junction, beside an arm, on a bridge over it, on a house.</summary>
internal static class PoleDraw
{
    private const double Kerb = JunctionLayout.HalfWidth;

    public static ViewCamera Draw(Pcg32 random, double aspect)
    {
        var arm = (int)(random.Next() & 3);
        var side = random.Uniform() < 0.5 ? -1 : 1;
        var (a, b, height, lookA, lookB) = random.Pick([3, 3, 3, 2, 1]) switch
        {
            // Over the far side of the junction, towards an arm.
            0 => (U(-9, 9), -U(8, 20), U(4.5, 14), U(-4, 4), U(0, 18)),
            // Beside an arm, towards the junction.
            1 => (side * U(Kerb + 0.6, 11), U(13, 50), U(4.5, 12), U(-3, 3), U(-10, 10)),
            // Beside an arm, away from the junction.
            2 => (side * U(Kerb + 0.6, 11), U(8, 40), U(4.5, 13), U(-4, 4), U(30, 70)),
            // On a bridge over an arm, along it.
            3 when random.Uniform() < 0.5 => (U(-5, 5), U(18, 60), U(6, 9), U(-4, 4), U(-10, 8)),
            3 => (U(-5, 5), U(10, 45), U(6, 9), U(-4, 4), U(60, 90)),
            // On a house at the corner.
            _ => (side * U(9.5, 15), -U(9.5, 15), U(9, 20), U(-5, 5), U(0, 25)),
        };
        var focal = U(0.5, 1.35);
        // Wide lenses bend the picture, long ones hardly.
        var bend = random.Uniform() < 0.5 ? 0 : U(0, 0.28) * Math.Clamp(1.35 - focal, 0.05, 1);
        var roll = U(-0.04, 0.04);
        return new ViewCamera(JunctionCameras.At(arm, a, b, height), JunctionCameras.At(arm, lookA, lookB, 0), (float)focal, (float)aspect)
        {
            Roll = (float)roll,
            Lens = bend == 0 ? null : new LensDistortion(Math.Round(bend, 4), 0, aspect),
        };

        double U(double low, double high) => random.Between(low, high);
    }
}
