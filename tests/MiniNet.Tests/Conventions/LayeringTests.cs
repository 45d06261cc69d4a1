using Mono.Cecil;
using Mono.Cecil.Cil;

namespace MiniNet.Tests.Conventions;

/// <summary>
/// Checks that each folder of the library uses only itself and the folders before it in the list. The test reads the compiled code.
/// </summary>
public class LayeringTests
{
    internal static readonly string[] CoreFolders =
    [
        "Kernels", "Tensors", "Initializers", "Graphs", "Layers", "Losses", "Optimizers", "Debugging", "Data", "Metrics", "Models", "Files",
        "Training",
    ];

    internal static readonly string[] LabFolders = ["Stepping", "GradientChecking", "Explanations", "Calculus", "Figures", "Pages"];

    // In the order of the READMEs' tables. The root namespace, with the base class of all errors, comes first.
    internal static readonly string[] LayerOrder =
    [
        "", .. CoreFolders, .. LabFolders,
    ];

    private static readonly AssemblyDefinition Core = AssemblyDefinition.ReadAssembly(typeof(MiniNet.Graphs.Graph).Assembly.Location);
    private static readonly AssemblyDefinition Lab = AssemblyDefinition.ReadAssembly(
        typeof(MiniNet.Stepping.BackpropStepper).Assembly.Location);
    private static readonly TypeDefinition[] Types = [.. Core.MainModule.GetTypes(), .. Lab.MainModule.GetTypes()];

    [Fact]
    public void Types_UseOnlyTheirOwnAndLowerFolders()
    {
        List<string> violations = [];
        int uses = 0;
        foreach (TypeDefinition type in Types)
        {
            foreach (string used in TypesUsedBy(type).Select(LayerOf).OfType<string>().Distinct())
            {
                uses++;
                if (LayerOf(type) is { } layer && Array.IndexOf(LayerOrder, used) > Array.IndexOf(LayerOrder, layer))
                {
                    violations.Add($"{type.FullName} uses {used}");
                }
            }
        }

        Assert.Empty(violations);
        Assert.True(uses > 100, "too few uses were found: the test does not read the code correctly");
    }

    [Fact]
    public void Folders_AreNamespacesAndListed()
    {
        Assert.Equal(CoreFolders.Order(), FoldersOf("MiniNet"));
        Assert.Equal(LabFolders.Order(), FoldersOf("MiniNet.Lab"));
        Assert.All(Types, type => Assert.Contains(LayerOf(type) ?? "", LayerOrder));

        static IEnumerable<string> FoldersOf(string project) => Directory.GetDirectories(Path.Combine(Repository.Root, "src", project))
            .Select(folder => Path.GetFileName(folder)!).Where(name => name is not ("bin" or "obj")).Order();
    }

    [Fact]
    public void References_OfCoreAndLab_AreOnlyCsvHelperAndCore()
    {
        Assert.Equal(["CsvHelper"], ReferencesOf(Core));
        Assert.Equal(["MiniNet"], ReferencesOf(Lab));

        static IEnumerable<string> ReferencesOf(AssemblyDefinition assembly) => assembly.MainModule.AssemblyReferences
            .Select(reference => reference.Name).Where(name => !name.StartsWith("System.", StringComparison.Ordinal));
    }

    [Fact]
    public void Libraries_DoNotUseConsole() => Assert.DoesNotContain(
        "System.Console",
        Core.MainModule.GetTypeReferences().Concat(Lab.MainModule.GetTypeReferences()).Select(reference => reference.FullName));

    internal static string? LayerOf(TypeReference type)
    {
        while (type.DeclaringType is not null)
        {
            type = type.DeclaringType;
        }

        string[] names = type.Namespace.Split('.');
        return names[0] != "MiniNet" ? null : names.Length == 1 ? "" : names[1]; // subfolders belong to the folder
    }

    private static IEnumerable<TypeReference> TypesUsedBy(TypeDefinition type)
    {
        List<TypeReference?> used = [type.BaseType, .. type.Interfaces.Select(i => i.InterfaceType),
            .. type.Fields.Select(field => field.FieldType)];
        foreach (MethodDefinition method in type.Methods)
        {
            used.Add(method.ReturnType);
            used.AddRange(method.Parameters.Select(parameter => parameter.ParameterType));
            foreach (Instruction instruction in method.HasBody ? method.Body.Instructions : [])
            {
                switch (instruction.Operand)
                {
                    case TypeReference of:
                        used.Add(of);
                        break;
                    case MethodReference call:
                        used.Add(call.DeclaringType);
                        used.Add(call.ReturnType);
                        used.AddRange((call as GenericInstanceMethod)?.GenericArguments ?? []);
                        break;
                    case FieldReference field:
                        used.Add(field.DeclaringType);
                        break;
                }
            }

            used.AddRange(method.HasBody ? method.Body.Variables.Select(variable => variable.VariableType) : []);
        }

        return used.OfType<TypeReference>().SelectMany(Parts);
    }

    private static IEnumerable<TypeReference> Parts(TypeReference type) => type switch
    {
        GenericInstanceType generic => [generic.ElementType, .. generic.GenericArguments.SelectMany(Parts)],
        FunctionPointerType => [],
        TypeSpecification of => Parts(of.ElementType),
        _ => [type],
    };
}
