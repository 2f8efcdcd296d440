using TrafficFlow.Web.Alerts;
using TrafficFlow.Web.Feeds;

namespace TrafficFlow.Node.Settings.Nodes;

/// <summary>Reads trafficflow.custody: how long approvals and contact data are kept, and who is told.</summary>
internal static class CustodySection
{
    public static CustodySettings Read(SettingsReader? custody)
    {
        var usual = CustodySettings.Default;
        if (custody is null) return usual;
        var notify = custody.OptionalSection("notify");
        var read = new CustodySettings(
            custody.Has("request-open") ? custody.Duration("request-open", TimeSpan.FromHours(1), TimeSpan.FromDays(60)) : usual.RequestOpen,
            custody.Has("approval-valid") ? custody.Duration("approval-valid", TimeSpan.FromMinutes(5), TimeSpan.FromDays(7)) : usual.ApprovalValid,
            custody.Has("keep-contact") ? custody.Duration("keep-contact", TimeSpan.FromDays(1), TimeSpan.FromDays(3_660)) : usual.KeepContact,
            ReadMail(notify?.OptionalSection("mail")), ReadWebhook(notify?.OptionalSection("webhook")));
        notify?.RefuseUnknown();
        custody.RefuseUnknown();
        return read;
    }

    private static MailSettings? ReadMail(SettingsReader? mail)
    {
        if (mail is null) return null;
        const string ServerRemedy = "set the SMTP server that takes mail of this machine: \"mail.example.jp\"";
        var server = mail.Text("server", ServerRemedy);
        var tls = mail.OptionalText("tls") ?? "starttls";
        if (tls is not ("starttls" or "on" or "off")) mail.Problem("tls", $"there is no \"{tls}\"", "set starttls (port 587), on (port 465), or off for a server on this machine alone");
        if (tls == "off" && server is not ("localhost" or "127.0.0.1" or "::1")) mail.Problem("tls", "is off for a server on another machine, and mail would go there in the clear", "set starttls or on");
        var port = mail.OptionalWhole("port", 1, 65_535, "") ?? tls switch { "on" => 465, "off" => 25, _ => 587 };
        var (user, password) = (mail.OptionalText("user"), ReadSecret(mail, "password-file"));
        if (user is null != password is null) mail.Problem("user", "is given without password-file, or the other way round", "give both, or neither");
        var from = mail.Text("from", "set the sender: \"trafficflow@example.jp\"");
        var to = mail.Texts("to");
        if (to.Count is 0 or > 20) mail.Problem("to", "names nobody, or too many", "set one to twenty addresses: [\"custodian@example.jp\"]");
        foreach (var address in to.Select(t => t.Value.Text).Append(from).Where(a => a.Length > 0 && !MailAlerts.IsAddress(a))) mail.Problem("to", $"\"{Redaction.Of(address)}\" is no mail address", "write name@example.jp");
        mail.RefuseUnknown();
        return new MailSettings(server, port, tls == "on", tls == "off", user, password, from, [.. to.Select(t => t.Value.Text)]);
    }

    private static AlertWebhookSettings? ReadWebhook(SettingsReader? webhook)
    {
        if (webhook is null) return null;
        const string Remedy = "write https://…; http:// is for this machine alone (127.0.0.1, localhost)";
        var text = webhook.Text("url", Remedy);
        var secret = webhook.Has("secret-file") ? ReadSecret(webhook, "secret-file") : null;
        if (secret is null) webhook.Problem("secret-file", "is missing", "write whsec_ and 24 to 64 random bytes in Base64 into a file of its own: (printf whsec_; openssl rand -base64 32) > FILE");
        Uri? url = null;
        if (text.Length > 0 && !Uri.TryCreate(text, UriKind.Absolute, out url)) webhook.Problem("url", $"\"{Redaction.Of(text)}\" is no web address", Remedy);
        if (url is not null && FeedAddress.WhyNot(url) is { } why) webhook.Problem("url", $"\"{Redaction.Of(text)}\" {why}", Remedy);
        webhook.RefuseUnknown();
        return url is null || secret is null ? null : new AlertWebhookSettings(url, secret);
    }

    private static string? ReadFile(SettingsReader reader, string key) =>
        reader.OptionalText(key) is { } file ? UnitCredential.Find(Path.GetFullPath(Path.Combine(reader.Find(key)!.Origin.Folder, file))) : null;

    private static string? ReadSecret(SettingsReader reader, string key)
    {
        if (ReadFile(reader, key) is not { } path) return null;
        if (JournalSection.WhatIsWrongWithFile(path) is var (wrong, _))
            reader.Problem(key, wrong, File.Exists(path) ? $"chmod 640 {path}, or 600" : UnitCredential.Remedy(path) ?? "write the secret into its first line; the name is relative to this file");
        return path;
    }
}
