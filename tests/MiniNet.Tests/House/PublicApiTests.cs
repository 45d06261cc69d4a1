using System.Reflection;
using System.Runtime.CompilerServices;

namespace MiniNet.Tests.House;

/// <summary>
/// The public face of the library, line by line, against the approved one. A change shows in review; to approve it, copy
/// PublicApi.received.txt over PublicApi.approved.txt.
/// </summary>
public class PublicApiTests
{
    private const BindingFlags Visible = BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.Instance | BindingFlags.Static | BindingFlags.DeclaredOnly;

    [Fact]
    public void PublicApi_IsTheApprovedOne()
    {
        string folder = Path.Combine(Repository.Root, "tests", "MiniNet.Tests", "House");
        string approved = Path.Combine(folder, "PublicApi.approved.txt"), received = Path.Combine(folder, "PublicApi.received.txt");
        string api = string.Concat(typeof(MiniNet.Graphs.Graph).Assembly.GetExportedTypes().OrderBy(type => type.FullName, StringComparer.Ordinal).SelectMany(Lines));
        if (!File.Exists(approved) || File.ReadAllText(approved).ReplaceLineEndings("\n") != api)
        {
            File.WriteAllText(received, api);
            Assert.Fail($"The public API has changed. Compare {received} with {approved}, and copy it over if the change is meant.");
        }

        File.Delete(received);
    }

    private static IEnumerable<string> Lines(Type type)
    {
        string kind = type.IsEnum ? "enum" : type.IsValueType ? "struct" : type.IsInterface ? "interface"
            : type.IsAbstract && type.IsSealed ? "static class" : type.IsAbstract ? "abstract class" : type.IsSealed ? "sealed class" : "class";
        yield return $"{kind} {type.FullName}{(type.BaseType is { } parent && parent != typeof(object) ? " : " + Name(parent) : "")}\n";
        foreach (string member in type.GetMembers(Visible).Select(Describe).OfType<string>().Order(StringComparer.Ordinal))
        {
            yield return $"    {member}\n";
        }
    }

    private static string? Describe(MemberInfo member) => member switch
    {
        ConstructorInfo constructor when IsVisible(constructor) => $"new({Parameters(constructor)})",
        MethodInfo method when method.IsDefined(typeof(CompilerGeneratedAttribute)) => null, // what a record brings with it
        MethodInfo { IsSpecialName: false } method when IsVisible(method) =>
            $"{Modifier(method)}{Name(method.ReturnType)} {method.Name}({Parameters(method)})",
        MethodInfo { IsSpecialName: true } conversion when conversion.Name.StartsWith("op_", StringComparison.Ordinal) =>
            $"static {Name(conversion.ReturnType)} {conversion.Name}({Parameters(conversion)})",
        PropertyInfo property when property.GetMethod is { } get && IsVisible(get) =>
            $"{Modifier(get)}{Name(property.PropertyType)} {property.Name}{(get.GetParameters().Length > 0 ? $"[{Parameters(get)}]" : "")} {{ get; {(property.SetMethod is { } set && IsVisible(set) ? "set; " : "")}}}",
        FieldInfo { IsSpecialName: false } field when field.IsPublic || field.IsFamily =>
            $"{(field.IsStatic ? "static " : "")}{Name(field.FieldType)} {field.Name}{(field.IsLiteral ? $" = {field.GetRawConstantValue()}" : "")}",
        _ => null,
    };

    private static bool IsVisible(MethodBase method) => method.IsPublic || method.IsFamily || method.IsFamilyOrAssembly;

    private static string Modifier(MethodInfo method) =>
        method.IsStatic ? "static " : method.IsAbstract ? "abstract " : method.IsVirtual && !method.IsFinal && method.DeclaringType is { IsSealed: false } ? "virtual " : "";

    private static string Parameters(MethodBase method) => string.Join(", ", method.GetParameters().Select(parameter =>
        $"{Name(parameter.ParameterType)} {parameter.Name}{(parameter.HasDefaultValue ? $" = {parameter.RawDefaultValue ?? "default"}" : "")}"));

    private static string Name(Type type) => type.IsGenericType
        ? $"{type.Name.Split('`')[0]}<{string.Join(", ", type.GetGenericArguments().Select(Name))}>"
        : type.Name;
}
