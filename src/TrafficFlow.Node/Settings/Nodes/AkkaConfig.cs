using System.Text;
using System.Text.Json;
using Akka.Configuration;
using TrafficFlow.Node.Settings.HoconParsing;

namespace TrafficFlow.Node.Settings.Nodes;

/// <summary>Hands the sections akka and trafficflow.actors over to the actor system, in the form that its own parser reads.</summary>
internal static class AkkaConfig
{
    public static Config From(ConfSection? akka, ConfSection? actors)
    {
        var text = new StringBuilder();
        Add("akka", akka);
        Add("trafficflow.actors", actors);
        return text.Length == 0 ? Config.Empty : ConfigurationFactory.ParseString(text.ToString());

        void Add(string key, ConfSection? section)
        {
            if (section is null) return;
            text.Append(key).Append(' ');
            Write(section, text);
            text.Append('\n');
        }
    }

    private static void Write(ConfValue value, StringBuilder text)
    {
        switch (value)
        {
            case ConfSection section:
                text.Append('{');
                foreach (var (key, child) in section.Items)
                {
                    text.Append(Quoted(key)).Append(" = ");
                    Write(child, text);
                    text.Append('\n');
                }

                text.Append('}');
                break;
            case ConfList list:
                text.Append('[');
                foreach (var item in list.Items)
                {
                    Write(item, text);
                    text.Append(", ");
                }

                text.Append(']');
                break;
            case ConfText literal:
                text.Append(Quoted(literal.Text));
                break;
        }
    }

    private static string Quoted(string text) => $"\"{JsonEncodedText.Encode(text)}\"";
}
