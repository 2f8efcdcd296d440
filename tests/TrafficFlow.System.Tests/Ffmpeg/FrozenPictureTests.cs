using TrafficFlow.Vision.Ffmpeg;
using Xunit;

namespace TrafficFlow.SystemTests.Ffmpeg;

public sealed class FrozenPictureTests
{
    private readonly FrozenPicture _watch = new(TimeSpan.FromSeconds(30));
    private readonly byte[] _picture = new byte[64 * 48 * 3];

    [Fact]
    public void The_same_picture_is_frozen_once_the_patience_is_over()
    {
        Assert.False(Watch(0));
        Assert.False(Watch(15));
        Assert.False(Watch(29.9));
        Assert.True(Watch(30));
    }

    [Fact]
    public void Noise_anywhere_shows_that_the_camera_lives()
    {
        for (var second = 0; second < 100; second += 10)
        {
            // A sensor's noise touches the whole picture.
            new Random(second).NextBytes(_picture);
            Assert.False(Watch(second));
        }
    }

    [Fact]
    public void A_change_begins_the_patience_anew()
    {
        Assert.False(Watch(0));
        _picture[0] = 1;
        Assert.False(Watch(29));
        Assert.False(Watch(58));
        Assert.True(Watch(59));
    }

    [Fact]
    public void A_picture_that_comes_back_is_not_frozen()
    {
        for (var second = 0; second < 100; second += 10)
        {
            _picture.AsSpan().Fill((byte)(second / 10 % 2));
            Assert.False(Watch(second));
        }
    }

    private bool Watch(double seconds) => _watch.Watch(_picture, TimeSpan.FromSeconds(seconds));
}
