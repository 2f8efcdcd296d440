namespace TrafficFlow.Vision.Colour;

/// <summary>From the camera's 8 bit values to linear light and to the evenly spaced colours of CIE Lab. Tables: no power per pixel.</summary>
internal static class LinearLight
{
    private const int Steps = 2048;
    private const float Highest = 2;
    private static readonly float[] s_linear = [.. Enumerable.Range(0, 256).Select(v => (float)Linear(v / 255.0))];
    private static readonly float[] s_root = [.. Enumerable.Range(0, Steps + 1).Select(i => (float)Root(i * Highest / Steps))];

    /// <summary>0..1 of an sRGB value.</summary>
    public static float Of(byte value) => s_linear[value];

    public static float Luminance(float red, float green, float blue) => (0.2126f * red) + (0.7152f * green) + (0.0722f * blue);

    /// <summary>Lightness 0..100 and the two colour axes, of linear light where 1, 1, 1 is white.</summary>
    public static (float L, float A, float B) Lab(float red, float green, float blue)
    {
        var x = RootOf(((0.4124f * red) + (0.3576f * green) + (0.1805f * blue)) / 0.9505f);
        var y = RootOf(Luminance(red, green, blue));
        var z = RootOf(((0.0193f * red) + (0.1192f * green) + (0.9505f * blue)) / 1.089f);
        return ((116 * y) - 16, 500 * (x - y), 200 * (y - z));
    }

    private static float RootOf(float t) => s_root[(int)Math.Clamp(t * (Steps / Highest), 0, Steps)];

    private static double Linear(double v) => v <= 0.04045 ? v / 12.92 : Math.Pow((v + 0.055) / 1.055, 2.4);

    private static double Root(double t) => t > 0.008856 ? Math.Cbrt(t) : (7.787 * t) + (16.0 / 116);
}
