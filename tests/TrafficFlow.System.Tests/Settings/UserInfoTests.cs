using TrafficFlow.Node.Settings.Sites;
using Xunit;

namespace TrafficFlow.SystemTests.Settings;

public sealed class UserInfoTests
{
    [Theory]
    [InlineData("rtsp://root:se#cret@10.0.0.1/x", '#', "%23")]
    [InlineData("rtsp://root:se?cret@10.0.0.1/x", '?', "%3F")]
    [InlineData("rtsp://root:se/cret@10.0.0.1/x", '/', "%2F")]
    [InlineData("rtsp://root:se@cret@10.0.0.1/x", '@', "%40")]
    [InlineData("rtsp://root:50%@10.0.0.1/x", '%', "%25")]
    [InlineData("rtsp://root:se%cret@10.0.0.1/x", '%', "%25")]
    public void The_character_at_fault_is_named_with_how_to_write_it(string source, char character, string written)
    {
        var fault = UserInfo.Fault(source);

        Assert.NotNull(fault);
        Assert.Contains($"the character {character},", fault.Value.Problem);
        Assert.Equal($"write {written} for {character}", fault.Value.Remedy);
        Assert.DoesNotContain("cret", fault.Value.Problem + fault.Value.Remedy);
    }

    [Theory]
    [InlineData("rtsp://10.0.0.1/x")]
    [InlineData("rtsp://root:secret@10.0.0.1/x?a=b#c")]
    [InlineData("rtsp://root:se%23cret@10.0.0.1/x")]
    [InlineData("http://10.0.0.1:8080/x?user=a@b")]
    [InlineData("street.mp4")]
    public void What_is_well_written_passes(string source) => Assert.Null(UserInfo.Fault(source));
}
