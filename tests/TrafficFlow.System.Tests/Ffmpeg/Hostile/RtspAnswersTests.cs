using System.Text;
using TrafficFlow.Vision.Ffmpeg.Relay;
using Xunit;

namespace TrafficFlow.SystemTests.Ffmpeg.Hostile;

public sealed class RtspAnswersTests
{
    private const string Describe = "RTSP/1.0 200 OK\r\nCSeq: 2\r\nContent-Length: 31\r\n\r\nv=0\r\nRTSP/1.0 302 is body here!";
    private const string Packet = "$\0\0\u0010RTSP/1.0 302 xxx";

    [Theory]
    [InlineData(Describe)]
    [InlineData(Packet)]
    [InlineData(Describe + Packet + "RTSP/1.0 200 OK\r\nCSeq: 3\r\n\r\n" + Packet)]
    [InlineData("SET_PARAMETER rtsp://x RTSP/1.0\r\nCSeq: 1\r\n\r\n")]
    [InlineData("stray\r\n\r\n" + Packet)]
    [InlineData("RTSP/1.0 401 Unauthorized\r\nWWW-Authenticate: Basic realm=\"300\"\r\n\r\n")]
    public void What_a_camera_says_is_passed_on_whole_however_it_is_cut(string said)
    {
        var bytes = Encoding.Latin1.GetBytes(said);
        for (var piece = 1; piece <= bytes.Length; piece++)
        {
            var (answers, held, passed) = (new RtspAnswers(), Array.Empty<byte>(), 0);
            foreach (var part in bytes.Chunk(piece))
            {
                byte[] all = [.. held, .. part];
                var good = answers.Check(all);
                passed += good;
                held = all[good..];
            }

            Assert.Equal(bytes.Length, passed);
        }
    }

    [Theory]
    [InlineData("RTSP/1.0 302 Moved\r\nLocation: rtsp://10.0.0.5/x\r\n\r\n", "redirects to rtsp://10.0.0.5/x")]
    [InlineData("RTSP/1.0 301 Moved\r\nlocation: rtsp://root:s3cret@10.0.0.5/\u001b[2J\r\n\r\n", "redirects to rtsp://***@10.0.0.5/?[2J")]
    [InlineData("RTSP/1.0 399 x\n\n", "redirects to another address")]
    [InlineData("  RTSP/2.0\t300\n\n", "redirects to")]
    [InlineData(Describe + Packet + "RTSP/1.0 302 Moved\r\n\r\n", "redirects to")]
    [InlineData("\r\n\r\nRT\rSP/1.0 302 Moved\r\n\r\n", "redirects to")]
    [InlineData("CSeq: 1\r\nRTSP/1.0 302 Moved\r\n\r\n", "redirects to")]
    [InlineData("RTSP/1.0 4294967598 Moved\r\n\r\n", "no status")]
    [InlineData("RTSP/1.0 +302 Moved\r\n\r\n", "no status")]
    [InlineData("RTSP/1.0\r\n\r\n", "no status")]
    [InlineData("RTSP/1.0 200 OK\r\nContent-Length: -5\r\n\r\n", "no sensible length")]
    [InlineData("RTSP/1.0 200 OK\r\nContent-Length: 2000000000\r\n\r\n", "no sensible length")]
    public void What_leads_elsewhere_or_can_be_read_in_two_ways_is_refused(string said, string why) =>
        Assert.Contains(why, Assert.Throws<RtspRefusedException>(() => new RtspAnswers().Check(Encoding.Latin1.GetBytes(said))).Message);

    [Fact]
    public void A_line_without_end_is_refused() =>
        Assert.Throws<RtspRefusedException>(() => new RtspAnswers().Check(Enumerable.Repeat((byte)'a', RtspAnswers.LongestLine + 1).ToArray()));

    [Theory]
    [InlineData("rtsp://cam/1", "rtsp://127.0.0.1:P/1")]
    [InlineData("rtsp://root:p%40ss@cam.local:8554/axis?x=1", "rtsp://root:p%40ss@127.0.0.1:P/axis?x=1")]
    [InlineData("rtsp://root:p@ss@cam", "rtsp://root:p@ss@127.0.0.1:P")]
    [InlineData("rtsp://[fd00::5]:554/1", "rtsp://127.0.0.1:P/1")]
    [InlineData("rtsp://[fd00::5]/1", "rtsp://127.0.0.1:P/1")]
    [InlineData("rtsp://cam:none/1", null)]
    [InlineData("rtsp://root:a/b@cam/1", null)]
    [InlineData("rtsp:///1", null)]
    public void Only_host_and_port_of_an_address_are_ours(string address, string? expected)
    {
        using var relay = RtspRelay.To(address);
        Assert.Equal(expected, relay is null ? null : System.Text.RegularExpressions.Regex.Replace(relay.Address, "127.0.0.1:[0-9]+", "127.0.0.1:P"));
    }
}
