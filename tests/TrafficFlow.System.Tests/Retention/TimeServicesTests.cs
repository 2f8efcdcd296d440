using System.Buffers.Binary;
using System.Net;
using System.Net.Sockets;
using TrafficFlow.Node.Retention;
using TrafficFlow.SystemTests.Settings;
using Xunit;

namespace TrafficFlow.SystemTests.Retention;

/// <summary>Who keeps the clock right where the kernel does not tell, as in a unit with ProtectClock.</summary>
public sealed class TimeServicesTests : IDisposable
{
    private const int Normal = 0;
    private const int NotSynchronised = 3;
    private const uint Server = 0xC0000207;
    private const uint OwnClock = 0x7F7F0101;

    private readonly SettingsFolder _folder = new();

    [Theory]
    [InlineData(Normal, Server, true)]
    [InlineData(NotSynchronised, 0u, false)]
    [InlineData(Normal, OwnClock, false)]
    public async Task Chrony_tells_whether_it_is_synchronised_to_another_clock_than_its_own(int leap, uint source, bool expected)
    {
        using var chrony = new UdpClient(new IPEndPoint(IPAddress.Loopback, 0));
        var serving = AnswerAsync(chrony, request => Tracking(request, leap, source));

        Assert.Equal(expected, TimeServices.IsSynchronised(() => null, Mark, (IPEndPoint)chrony.Client.LocalEndPoint!));
        await serving;
    }

    [Fact]
    public async Task What_is_no_answer_of_chrony_tells_nothing()
    {
        using var other = new UdpClient(new IPEndPoint(IPAddress.Loopback, 0));
        byte[][] answers = [[], [6, 2], new byte[104], Tracking(new byte[104], Normal, Server)];
        foreach (var answer in answers)
        {
            var serving = AnswerAsync(other, request =>
            {
                // Of another request.
                if (answer.Length == 104 && answer[0] == 6) BinaryPrimitives.WriteUInt32BigEndian(answer.AsSpan(16), BinaryPrimitives.ReadUInt32BigEndian(request.AsSpan(8)) + 1);
                return answer;
            });
            Assert.Null(TimeServices.IsSynchronised(() => null, Mark, (IPEndPoint)other.Client.LocalEndPoint!));
            await serving;
        }
    }

    [Fact]
    public void The_kernel_comes_first_then_the_mark_of_timesyncd_and_without_either_nobody_tells()
    {
        using var nobody = new UdpClient(new IPEndPoint(IPAddress.Loopback, 0));
        var port = (IPEndPoint)nobody.Client.LocalEndPoint!;
        nobody.Dispose();
        Assert.Null(TimeServices.IsSynchronised(() => null, Mark, port));
        File.WriteAllText(Mark, "");
        Assert.True(TimeServices.IsSynchronised(() => null, Mark, port));
        Assert.False(TimeServices.IsSynchronised(() => false, Mark, port));
    }

    public void Dispose() => _folder.Dispose();

    private string Mark => Path.Combine(_folder.Path, "synchronized");

    private static async Task AnswerAsync(UdpClient at, Func<byte[], byte[]> answer)
    {
        var asked = await at.ReceiveAsync(TestContext.Current.CancellationToken);
        Assert.Equal((104, 6, 1, 33), (asked.Buffer.Length, asked.Buffer[0], asked.Buffer[1], BinaryPrimitives.ReadUInt16BigEndian(asked.Buffer.AsSpan(4))));
        await at.SendAsync(answer(asked.Buffer), asked.RemoteEndPoint, TestContext.Current.CancellationToken);
    }

    /// <summary>As chronyd 4.3 answered on 127.0.0.1:323: header of 28 bytes, reference, address (20), stratum, leap.</summary>
    private static byte[] Tracking(byte[] request, int leap, uint source)
    {
        var answer = new byte[104];
        (answer[0], answer[1]) = (6, 2);
        BinaryPrimitives.WriteUInt16BigEndian(answer.AsSpan(4), 33);
        BinaryPrimitives.WriteUInt16BigEndian(answer.AsSpan(6), 5);
        request.AsSpan(8, 4).CopyTo(answer.AsSpan(16));
        BinaryPrimitives.WriteUInt32BigEndian(answer.AsSpan(28), source);
        BinaryPrimitives.WriteUInt16BigEndian(answer.AsSpan(52), 2);
        BinaryPrimitives.WriteUInt16BigEndian(answer.AsSpan(54), (ushort)leap);
        return answer;
    }
}
