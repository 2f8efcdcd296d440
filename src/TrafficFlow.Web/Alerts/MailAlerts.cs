using System.Net.Sockets;
using System.Security.Cryptography;
using System.Text;
using MailKit;
using MailKit.Net.Smtp;
using MailKit.Security;
using MimeKit;
using TrafficFlow.Core.Texts;
using TrafficFlow.Web.Feeds;

namespace TrafficFlow.Web.Alerts;

/// <summary>Alerts by mail (SMTP, TLS with the machine's authorities).</summary>
public sealed class MailAlerts(MailSettings mail, TimeProvider time) : IAlertChannel
{
    private static readonly TimeSpan s_within = TimeSpan.FromSeconds(30);

    public string Name => "mail";

    public static bool IsAddress(string text) => MailboxAddress.TryParse(text, out var address) && address.Address.Contains('@', StringComparison.Ordinal) && PlainText.IsPlain(text);

    public async Task SendAsync(Alert alert, CancellationToken cancellation)
    {
        try
        {
            using var message = MessageOf(alert);
            using var smtp = new SmtpClient { Timeout = (int)s_within.TotalMilliseconds };
            await smtp.ConnectAsync(mail.Server, mail.Port, mail.IsPlain ? SecureSocketOptions.None : mail.IsTls ? SecureSocketOptions.SslOnConnect : SecureSocketOptions.StartTls, cancellation);
            if (mail is { User: { } user, PasswordFile: { } file }) await smtp.AuthenticateAsync(user, SecretFile.Read(file), cancellation);
            await smtp.SendAsync(message, cancellation);
            await smtp.DisconnectAsync(quit: true, cancellation);
        }
        catch (FeedRefusedException e)
        {
            throw new AlertException(e.Message, e);
        }
        catch (Exception e) when (e is CommandException or ProtocolException or MailKit.Security.AuthenticationException or SslHandshakeException or SocketException or IOException or NotSupportedException
            || (e is OperationCanceledException && !cancellation.IsCancellationRequested))
        {
            throw new AlertException($"{mail.Server}:{mail.Port} has not taken a mail ({PlainText.Of(e.GetBaseException().Message, 300)}): do server, port, TLS, user and password in trafficflow.custody.notify.mail fit?", e);
        }
    }

    private MimeMessage MessageOf(Alert alert)
    {
        var message = new MimeMessage { Subject = $"[TrafficFlow] {alert.Title}", Date = time.GetUtcNow(), Body = new TextPart("plain") { Text = alert.Text } };
        message.From.Add(MailboxAddress.Parse(mail.From));
        foreach (var to in mail.To) message.To.Add(MailboxAddress.Parse(to));
        // The same for the same alert: a mail that comes twice after a crash is shown once by most programs.
        message.MessageId = $"{Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(alert.Id)))[..40]}@trafficflow.invalid";
        message.Headers.Add("Auto-Submitted", "auto-generated");
        return message;
    }
}
