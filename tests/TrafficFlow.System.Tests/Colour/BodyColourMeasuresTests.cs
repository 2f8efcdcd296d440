using TrafficFlow.Core.Detection;
using TrafficFlow.Vision.Colour;
using Xunit;

namespace TrafficFlow.SystemTests.Colour;

public sealed class BodyColourMeasuresTests
{
    private static readonly BodyColourMeasures s_plain = new(0, 0, 0, 0, 0, 0, 0, 0);

    [Theory]
    [InlineData(20, 24, 30, VehicleColour.Black)]
    [InlineData(45, 50, 55, VehicleColour.Grey)]
    [InlineData(60, 80, 88, VehicleColour.White)]
    [InlineData(28, 42, 80, VehicleColour.White)] // windows and arches over half of a van's side
    [InlineData(25, 40, 62, VehicleColour.Grey)]
    public void Paint_without_hue_is_named_by_its_lightness(float dark, float middle, float bright, VehicleColour colour) =>
        Assert.Equal(colour, (s_plain with { Dark = dark, Middle = middle, Bright = bright }).Name().Colour);

    [Fact]
    public void Tail_lamps_make_no_red_car()
    {
        var (colour, sureness) = (s_plain with { Red = 0.08f, Dark = 20, Middle = 24, Bright = 30 }).Name();

        Assert.Equal(VehicleColour.Black, colour);
        Assert.InRange(sureness, 0.4f, 0.95f);
    }

    [Fact]
    public void A_third_of_the_body_in_one_hue_is_its_paint() =>
        Assert.Equal(VehicleColour.Red, (s_plain with { Red = 0.35f, Brown = 0.1f, Dark = 20, Middle = 24, Bright = 30 }).Name().Colour);

    [Fact]
    public void Two_hues_that_are_as_likely_are_not_sure() =>
        Assert.True((s_plain with { Red = 0.3f, Yellow = 0.31f }).Name().Sureness < 0.2f);

    [Fact]
    public void Dim_white_is_white_in_the_light_of_the_other_vehicles()
    {
        var dim = s_plain with { Dark = 40, Middle = 46, Bright = 58 };

        Assert.Equal(VehicleColour.Grey, dim.Name().Colour);
        Assert.Equal(VehicleColour.White, dim.Lightened(78f / 57).Name().Colour);
    }
}
