using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Authentication;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using Google.Protobuf;

namespace TrafficFlow.SystemTests.Security;

/// <summary>A peer that trusts everybody and shows what it is told to: no node of ours would start with such certificates.</summary>
internal static class Stranger
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);

    /// <summary>Dials with a certificate, or none, and says whom it claims to be.</summary>
    /// <returns>Whether the node let it in: it said welcome, and did not hang up on the claim.</returns>
    public static async Task<bool> DialAsync(int port, string? certificates, string claimedHost)
    {
        using var patience = new CancellationTokenSource(Patience);
        using var socket = new TcpClient();
        await socket.ConnectAsync(IPAddress.Loopback, port, patience.Token);
        using var tls = new SslStream(socket.GetStream(), leaveInnerStreamOpen: false, (_, _, _, _) => true);
        using var certificate = certificates is null ? null : Load(certificates);
        try
        {
            await tls.AuthenticateAsClientAsync(
                new SslClientAuthenticationOptions { TargetHost = "127.0.0.1", ClientCertificates = certificate is null ? null : [certificate] }, patience.Token);
            if (await tls.ReadAsync(new byte[1], patience.Token) == 0) return false;
            await tls.WriteAsync(Associate(claimedHost), patience.Token);
            return await tls.ReadAsync(new byte[1], patience.Token) > 0;
        }
        catch (Exception e) when (e is IOException or AuthenticationException)
        {
            return false;
        }
    }

    public static async Task SayAsync(int port, string text)
    {
        using var patience = new CancellationTokenSource(Patience);
        using var socket = new TcpClient();
        await socket.ConnectAsync(IPAddress.Loopback, port, patience.Token);
        await socket.GetStream().WriteAsync(Encoding.ASCII.GetBytes(text), patience.Token);
        try
        {
            while (await socket.GetStream().ReadAsync(new byte[100], patience.Token) > 0)
            {
                // What the node has to say is not of interest, only that it hangs up.
            }
        }
        catch (IOException)
        {
            // Hung up on.
        }
    }

    /// <summary>Answers one caller with a certificate, in the place of a node.</summary>
    public static async Task AnswerAsync(TcpListener door, string certificates)
    {
        using var patience = new CancellationTokenSource(Patience);
        using var certificate = Load(certificates);
        using var socket = await door.AcceptTcpClientAsync(patience.Token);
        using var tls = new SslStream(socket.GetStream(), leaveInnerStreamOpen: false, (_, _, _, _) => true);
        try
        {
            await tls.AuthenticateAsServerAsync(certificate, clientCertificateRequired: true, checkCertificateRevocation: false);
            await tls.ReadExactlyAsync(new byte[1], patience.Token);
        }
        catch (Exception e) when (e is IOException or AuthenticationException)
        {
            // Refused, as it should be.
        }
    }

    private static X509Certificate2 Load(string certificates) =>
        X509Certificate2.CreateFromPemFile(Path.Combine(certificates, "node.crt"), Path.Combine(certificates, "node.key"));

    /// <summary>Akka's first message, with its length before it: an association (1) from akka.tcp://trafficflow@HOST:4053.</summary>
    private static byte[] Associate(string host)
    {
        var origin = Message(w =>
        {
            Text(w, 1, "trafficflow");
            Text(w, 2, host);
            w.WriteTag(3, WireFormat.WireType.Varint);
            w.WriteUInt32(4053);
            Text(w, 4, "akka.tcp");
        });
        var info = Message(w =>
        {
            Part(w, 1, origin);
            w.WriteTag(2, WireFormat.WireType.Fixed64);
            w.WriteFixed64(42);
        });
        var instruction = Message(w =>
        {
            w.WriteTag(1, WireFormat.WireType.Varint);
            w.WriteEnum(1);
            Part(w, 2, info);
        });
        var whole = Message(w => Part(w, 2, instruction));
        return [.. BitConverter.GetBytes(whole.Length), .. whole];
    }

    private static byte[] Message(Action<CodedOutputStream> write)
    {
        using var bytes = new MemoryStream();
        using (var output = new CodedOutputStream(bytes, leaveOpen: true)) write(output);
        return bytes.ToArray();
    }

    private static void Part(CodedOutputStream output, int number, byte[] part)
    {
        output.WriteTag(number, WireFormat.WireType.LengthDelimited);
        output.WriteBytes(ByteString.CopyFrom(part));
    }

    private static void Text(CodedOutputStream output, int number, string text) => Part(output, number, Encoding.UTF8.GetBytes(text));
}
