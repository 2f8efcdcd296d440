using Microsoft.AspNetCore.Http;
using TrafficFlow.Vault.Accounts;
using TrafficFlow.Web.Http;

namespace TrafficFlow.Web.Pages.Accounts;

/// <summary>The fields of a form as they were sent: anything may be in them.</summary>
internal sealed class DeskForm
{
    private readonly IFormCollection _fields;

    private DeskForm(IFormCollection fields, string host) => (_fields, Host) = (fields, host);

    /// <summary>Of this server as its reader knows it: https://HOST:PORT.</summary>
    public string Host { get; }

    /// <returns>Null where there is none that can be read: then that is answered.</returns>
    public static async Task<DeskForm?> ReadAsync(HttpContext context)
    {
        try
        {
            if (context.Request.HasFormContentType)
                return new DeskForm(await context.Request.ReadFormAsync(context.RequestAborted), $"{context.Request.Scheme}://{context.Request.Host.Value}");
        }
        catch (Exception e) when (e is InvalidDataException or BadHttpRequestException)
        {
            // Told below.
        }

        await new Problem(StatusCodes.Status400BadRequest, "No form", "the request holds no form that can be read", "use the page's own form").WriteAsync(context);
        return null;
    }

    /// <summary>Empty where it is missing.</summary>
    public string Text(string name) => _fields[name] is [{ } value] ? value : "";

    public IReadOnlyCollection<string> All(string name) => [.. _fields[name].OfType<string>()];

    public bool Is(string name) => Text(name) is "on" or "true";

    /// <summary>A file that was chosen; empty where none was.</summary>
    /// <returns>Null where it is larger.</returns>
    public async Task<byte[]?> FileAsync(string name, int longest, CancellationToken cancellation)
    {
        if (_fields.Files[name] is not { Length: > 0 } file) return [];
        if (file.Length > longest) return null;
        using var content = new MemoryStream((int)file.Length);
        await file.CopyToAsync(content, cancellation);
        return content.ToArray();
    }

    /// <exception cref="AccountException">One is none.</exception>
    public IReadOnlyCollection<Role> Roles() =>
        [.. All("role").Select(r => RoleNames.Parse(r) ?? throw new AccountException($"\"{Core.Texts.PlainText.Of(r, 40)}\" is no role: {string.Join(", ", RoleNames.All)}"))];
}
