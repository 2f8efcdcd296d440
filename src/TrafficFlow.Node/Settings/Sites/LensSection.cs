using TrafficFlow.Core.Calibration;
using TrafficFlow.Core.Sites;

namespace TrafficFlow.Node.Settings.Sites;

/// <summary>Reads the distortion of a camera's lens, where somebody knows it.</summary>
internal static class LensSection
{
    public static LensDistortion? Read(SettingsReader camera, FrameFormat frame)
    {
        if (camera.OptionalSection("lens") is not { } reader) return null;
        var k1 = reader.Number("k1", LensDistortion.MinK1, LensDistortion.MaxK1, "share of half the diagonal");
        var k2 = reader.OptionalNumber("k2", -LensDistortion.MaxK2, LensDistortion.MaxK2, "share of half the diagonal") ?? 0;
        reader.RefuseUnknown();
        var lens = new LensDistortion(k1, k2, (double)frame.Width / frame.Height);
        if (!lens.IsInvertible) camera.Problem("lens", "folds the picture over itself before its corners", "check the signs of k1 and k2: positive pulls barrel-shaped lines straight");
        if (!camera.Has("ground")) camera.Problem("lens", "has no effect without ground points", "survey ground points, or remove it");
        return lens;
    }
}
