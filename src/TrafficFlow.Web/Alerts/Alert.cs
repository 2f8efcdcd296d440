namespace TrafficFlow.Web.Alerts;

/// <summary>Something that somebody has to be told, once.</summary>
/// <param name="Id">The same for the same thing: inspection/kokandori/hand-carry/2026-12-15/overdue.</param>
/// <param name="Title">One line, English and Japanese.</param>
/// <param name="Text">What is due and where it is dealt with. No names and no contact data: mail is read in many places.</param>
public sealed record Alert(string Id, string Title, string Text);

/// <summary>Tells alerts by one channel.</summary>
public interface IAlertChannel
{
    /// <summary>Of the channel, for what was told by which: mail, webhook.</summary>
    string Name { get; }

    /// <exception cref="AlertException">It was not taken; the message says what to do.</exception>
    Task SendAsync(Alert alert, CancellationToken cancellation);
}

/// <summary>An alert was not told, and is tried again.</summary>
public sealed class AlertException(string message, Exception? inner = null) : Exception(message, inner);

/// <param name="Server">Name or address of the SMTP server.</param>
/// <param name="IsTls">From the first byte (usually port 465); else STARTTLS is demanded.</param>
/// <param name="IsPlain">Neither: for a server on this machine alone.</param>
/// <param name="User">Null for none.</param>
/// <param name="PasswordFile">Read anew each time; null for none.</param>
public sealed record MailSettings(string Server, int Port, bool IsTls, bool IsPlain, string? User, string? PasswordFile, string From, IReadOnlyList<string> To);

/// <param name="SecretFile">Holds whsec_…, read anew each time.</param>
public sealed record AlertWebhookSettings(Uri Url, string SecretFile);
