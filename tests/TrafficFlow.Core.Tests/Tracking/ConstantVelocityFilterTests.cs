using TrafficFlow.Core.Tracking;
using Xunit;

namespace TrafficFlow.Core.Tests.Tracking;

public sealed class ConstantVelocityFilterTests
{
    [Theory]
    [InlineData(5)]
    [InlineData(10)]
    [InlineData(30)]
    public void A_filter_finds_a_constant_velocity_at_any_frame_rate(int framesPerSecond)
    {
        var filter = new ConstantVelocityFilter(100, 2, 240);
        var noise = new Random(1);
        for (var frame = 1; frame <= 3 * framesPerSecond; frame++)
        {
            filter.Predict(1.0 / framesPerSecond, 160);
            filter.Correct(100 + (80.0 * frame / framesPerSecond) + noise.Next(-1, 2), 2);
        }

        Assert.Equal(340, filter.Position, 2.0);
        Assert.Equal(80, filter.Velocity, 16.0);
    }

    [Fact]
    public void A_filter_without_corrections_grows_unsure_and_keeps_its_course()
    {
        var filter = new ConstantVelocityFilter(0, 2, 1);
        for (var frame = 1; frame <= 50; frame++)
        {
            filter.Predict(0.1, 10);
            filter.Correct(frame, 2);
        }

        var before = filter.InnovationVariance(2);
        filter.Predict(1, 10);

        Assert.Equal(60, filter.Position, 0.5);
        Assert.True(filter.InnovationVariance(2) > 2 * before);
    }

    [Fact]
    public void A_damped_filter_comes_to_rest()
    {
        var filter = new ConstantVelocityFilter(0, 2, 50);
        filter.Predict(0.1, 10);
        filter.Correct(5, 2);
        filter.Damp(0);
        var position = filter.Position;
        filter.Predict(3, 10);

        Assert.Equal(position, filter.Position);
    }
}
