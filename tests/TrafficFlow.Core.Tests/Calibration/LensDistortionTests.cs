using CsCheck;
using TrafficFlow.Core.Calibration;
using TrafficFlow.Core.Geometry;
using Xunit;

namespace TrafficFlow.Core.Tests.Calibration;

public sealed class LensDistortionTests
{
    [Fact]
    public void Distorting_undoes_the_correction_inside_the_picture() =>
        Gen.Select(Gen.Double[-0.25, 0.6], Gen.Double[-0.04, 0.1], Gen.Double[0, 1], Gen.Double[0, 1], Gen.Double[0.8, 2.4]).Sample((k1, k2, x, y, aspect) =>
        {
            var lens = new LensDistortion(k1, k2, aspect);
            if (!lens.IsInvertible) return;
            var back = lens.Distort(lens.Correct(new PicturePoint(x, y)))!.Value;
            Assert.Equal(x, back.X, 1e-9);
            Assert.Equal(y, back.Y, 1e-9);
        });

    [Fact]
    public void A_corner_moves_outwards_by_k1_and_the_middle_stays()
    {
        var lens = new LensDistortion(0.1, 0, 16.0 / 9);

        Assert.Equal(new PicturePoint(0.5, 0.5), lens.Correct(new PicturePoint(0.5, 0.5)));
        var corner = lens.Correct(new PicturePoint(1, 0));
        Assert.Equal(1.05, corner.X, 1e-12);
        Assert.Equal(-0.05, corner.Y, 1e-12);
    }

    [Fact]
    public void A_correction_that_folds_the_picture_is_told()
    {
        Assert.True(new LensDistortion(-0.25, 0, 1.6).IsInvertible);
        Assert.False(new LensDistortion(-0.4, 0, 1.6).IsInvertible);
        Assert.Null(new LensDistortion(-0.3, 0, 1.6).Distort(new PicturePoint(5, 0.5)));
    }
}
